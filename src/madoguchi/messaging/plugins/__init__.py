"""Channels, formats and protocols of outside systems."""
