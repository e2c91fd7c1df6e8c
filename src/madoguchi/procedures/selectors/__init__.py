"""Reads of the procedures room."""
