"""Pure rules of the plan room: reading documents, values, progress, scoring, forecasts, lint, expressions, charts."""
