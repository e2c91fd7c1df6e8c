"""The procedures room as a Django application."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """What a resident starts: definitions, forms, the finder, applications, surveys."""

    name = "madoguchi.procedures"
    label = "procedures"
    verbose_name = "手続"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the room offers to the house."""
        self._register_policies()

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions

        for key, policy in permissions.POLICIES.items():
            policies.register(key, policy)
