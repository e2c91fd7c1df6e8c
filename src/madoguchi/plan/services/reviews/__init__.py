"""Writes of the review cycle (進行管理)."""
