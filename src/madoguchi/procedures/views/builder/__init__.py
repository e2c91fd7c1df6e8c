"""Pages on which staff make, test and publish procedures."""
