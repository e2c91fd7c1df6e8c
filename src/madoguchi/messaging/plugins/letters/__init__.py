"""Letters on paper: A4, folded twice, for window envelopes (長形3号窓付き封筒)."""

from .typesetting import LettersError, letters_pdf

__all__ = ["LettersError", "letters_pdf"]
