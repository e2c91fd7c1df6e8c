"""Questions to the messaging room."""
