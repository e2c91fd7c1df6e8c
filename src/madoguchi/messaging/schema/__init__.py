"""Shapes of the messaging room's interfaces."""
