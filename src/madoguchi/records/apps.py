"""The records room as a Django application."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Documents the city hall issues: templates, PDF/A, seals, certificates anybody can verify."""

    name = "madoguchi.records"
    label = "records"
    verbose_name = "文書"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the room offers to the house."""
        self._register_policies()

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions

        for key, policy in permissions.POLICIES.items():
            policies.register(key, policy)
