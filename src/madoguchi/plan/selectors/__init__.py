"""Reads of the plan room."""

from .exporting import data_file, export_plans
from .published import indicator_items, plan_items, project_items

__all__ = ["data_file", "export_plans", "indicator_items", "plan_items", "project_items"]
