"""PostgreSQL with a second wall: every statement carries the municipality in scope, and row level security obeys it."""
