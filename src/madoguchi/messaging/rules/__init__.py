"""Pure rules of the messaging room."""
