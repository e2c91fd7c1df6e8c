"""Pages for those who look for what they have to do: lists, search, the finder, start pages, checklists."""

from . import asking, browsing, checklists, coverage, starting

__all__ = ["asking", "browsing", "checklists", "coverage", "starting"]
