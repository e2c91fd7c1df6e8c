"""Readers of plan documents, one module per document family, each named after the city whose layout it reads."""
