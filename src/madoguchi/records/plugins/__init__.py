"""Typesetter, sealer and simulated authority of the records room."""
