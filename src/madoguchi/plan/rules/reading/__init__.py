"""The common core of the document readers: lines, tables, cleaned text, fiscal years and values."""
