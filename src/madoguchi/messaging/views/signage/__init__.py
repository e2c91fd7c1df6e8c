"""Pages of signage: the screens themselves, and staff's."""
