"""What the database itself holds the tables to: rows that are only appended, rows of one municipality, order of commit."""
