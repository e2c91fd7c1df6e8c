"""What changes documents and templates."""
