"""Pages of actual values under ``/steering/``: entering, approving, CSV, ways of measuring, checks."""
