"""Addresses of the trust room."""
