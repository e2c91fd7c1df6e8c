"""Pages of one's own preferences: for accounts, and for guests who came by their link."""
