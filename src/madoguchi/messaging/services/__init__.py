"""Changes of the messaging room."""
