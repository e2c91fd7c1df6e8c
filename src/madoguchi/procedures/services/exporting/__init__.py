"""Handing applications on to core systems (基幹連携): once per system, in four grades, logged and kept."""

from .making import PURPOSE, run_export
from .reporting import Reconciliation, reconcile, report_keyed, save_layout
from .showing import sheet_of
from .starting import start_export

__all__ = [
    "PURPOSE",
    "Reconciliation",
    "reconcile",
    "report_keyed",
    "run_export",
    "save_layout",
    "sheet_of",
    "start_export",
]
