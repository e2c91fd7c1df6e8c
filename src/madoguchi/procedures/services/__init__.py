"""Writes of the procedures room."""
