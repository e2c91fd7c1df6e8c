"""Pure rules of the records room."""
