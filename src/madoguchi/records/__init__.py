"""Documents the city hall issues: templates, PDF/A, seals, certificates anybody can verify."""
