"""Forms of the messaging room."""
