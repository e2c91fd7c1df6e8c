"""Libraries that the trust room is joined to."""
