"""
Charts as accessible SVG, drawn on the server: title, description, unit, direct labels, zero baselines, targets as lines,
gaps for missing data, hatching for provisional data, readable in grey. Every function returns ``markupsafe.Markup``.
"""

from .bars import Bar, bar_chart, rank_chart
from .canvas import Canvas
from .lines import Line, line_chart, sparkline
from .numbers import compact_number, plain_number
from .portfolio import Dot, Field, portfolio_map
from .schedule import Row, Span, schedule_chart
from .shares import Share, bullet, share_bar

__all__ = [
    "Bar",
    "Canvas",
    "Dot",
    "Field",
    "Line",
    "Row",
    "Share",
    "Span",
    "bar_chart",
    "bullet",
    "compact_number",
    "line_chart",
    "plain_number",
    "portfolio_map",
    "rank_chart",
    "schedule_chart",
    "share_bar",
    "sparkline",
]
