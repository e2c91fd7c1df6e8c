"""
Applications as other systems take them (基幹連携): flat columns, XML, packages with a manifest, in the characters a system has.

Pure: nothing here knows of databases or requests. What is written can be read back: ``read_table`` and ``unflatten`` give the
answers that were exported.
"""

from .characters import ENCODINGS, PROFILES, CellLoss, fit_cells, fit_value
from .columns import Column, columns_of, flatten, unflatten, without_empty
from .layouts import arrange, read_layout
from .packages import Package, manifest_of, safe_entry
from .results import ResultLine, ResultsError, read_results
from .tables import NUMBER, protect, read_table, write_table
from .xml import application_xml, form_id

__all__ = [
    "ENCODINGS",
    "NUMBER",
    "PROFILES",
    "CellLoss",
    "Column",
    "Package",
    "ResultLine",
    "ResultsError",
    "application_xml",
    "arrange",
    "columns_of",
    "fit_cells",
    "fit_value",
    "flatten",
    "form_id",
    "manifest_of",
    "protect",
    "read_layout",
    "read_results",
    "read_table",
    "safe_entry",
    "unflatten",
    "without_empty",
    "write_table",
]
