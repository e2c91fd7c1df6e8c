"""Seals on PDFs: PAdES-B-LTA (ETSI EN 319 142-1) by pyHanko, and the judgement of the seals of others."""

from .sealer import PadesSealer

__all__ = ["PadesSealer"]
