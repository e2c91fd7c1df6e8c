"""Pages of applying: starting, the steps of the form, the review, sending, going on elsewhere."""
