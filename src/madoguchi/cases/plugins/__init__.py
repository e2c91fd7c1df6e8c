"""Outside libraries behind the room's own interfaces."""
