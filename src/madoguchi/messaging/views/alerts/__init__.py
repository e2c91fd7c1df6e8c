"""Staff pages of emergencies."""
