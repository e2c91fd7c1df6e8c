"""A database engine of Django for SQLite whose writers of one process take turns."""
