"""Pages of the messaging room."""
