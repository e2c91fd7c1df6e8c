"""Madoguchi (窓口): one installation that runs a whole digital city hall and measures the plan that steers it."""

__version__ = "0.1.0"
