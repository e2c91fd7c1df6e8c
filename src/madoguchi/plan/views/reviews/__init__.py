"""Pages of the review cycle under ``/steering/reviews/``."""
