"""Interfaces of the messaging room for programs."""
