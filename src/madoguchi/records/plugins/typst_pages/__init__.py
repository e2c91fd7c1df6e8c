"""Documents typeset by typst in a process of its own: PDF/A-2a and PDF/UA-1, nothing read, nothing fetched."""

from .typesetting import TypstTypesetter

__all__ = ["TypstTypesetter"]
