"""Decision models and decision tables (OMG DMN 1.5): values, XML and JSON forms, evaluation with its reasons, checks."""
