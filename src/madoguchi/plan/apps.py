"""The plan room as a Django application."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Steering the city hall."""

    name = "madoguchi.plan"
    label = "plan"
    verbose_name = "計画"
    default_auto_field = "django.db.models.BigAutoField"
