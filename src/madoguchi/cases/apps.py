"""The cases room as a Django application."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """How work is carried: cases, BPMN workflows, tasks, deadlines, the work list."""

    name = "madoguchi.cases"
    label = "cases"
    verbose_name = "案件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the room offers to the house."""
        self._register_policies()

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions

        for key, policy in permissions.POLICIES.items():
            policies.register(key, policy)
