"""Forms of the plan room."""
