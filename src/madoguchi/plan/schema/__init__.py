"""Shapes of the plan API."""

from .published import IndicatorPage, PlanPage, Problem, ProjectPage, columns_of
from .push import PushedActual, PushIn

__all__ = ["IndicatorPage", "PlanPage", "Problem", "ProjectPage", "PushIn", "PushedActual", "columns_of"]
