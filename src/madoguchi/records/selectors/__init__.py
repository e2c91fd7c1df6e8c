"""Reading documents and templates."""
