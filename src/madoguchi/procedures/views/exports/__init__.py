"""Pages of handing applications on to core systems."""

from .keying import keying
from .layouts import layout
from .listing import index, new
from .showing import results, show

__all__ = ["index", "keying", "layout", "new", "results", "show"]
