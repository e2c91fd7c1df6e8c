"""Composition only: settings, urls, shells, the design system and the command line."""
