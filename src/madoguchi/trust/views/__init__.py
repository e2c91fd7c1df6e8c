"""Pages of the trust room."""
