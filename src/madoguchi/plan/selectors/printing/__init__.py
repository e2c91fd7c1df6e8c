"""
What is printed of a plan, as plain values (texts, whole numbers, lists): the same for every language and every layout.

Only what everybody may know: published structure, approved values, decided results of closed rounds.
"""

from .book import book_data
from .moment import modified_at
from .overview import overview_data
from .report import report_data, report_years

__all__ = ["book_data", "modified_at", "overview_data", "report_data", "report_years"]
