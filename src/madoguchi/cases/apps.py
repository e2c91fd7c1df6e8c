"""The cases room as a Django application."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """How work is carried: cases, BPMN workflows, tasks, deadlines, the work list."""

    name = "madoguchi.cases"
    label = "cases"
    verbose_name = "案件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the room's policies, meters and its workflow engine."""
        self._register_policies()
        self._register_meters()
        self._register_engine()

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions
        from .registry import may_see_case

        for key, policy in permissions.POLICIES.items():
            policies.register(key, policy)
        permissions.narrow_by(may_see_case)

    def _register_meters(self) -> None:
        from madoguchi.trust.api import meters

        from .selectors.own_meters import OWN_METERS

        for meter in OWN_METERS:
            meters.register(meter.key, meter)

    def _register_engine(self) -> None:
        from .plugins.lazy import LazyEngine
        from .registry import engines

        engines.register(LazyEngine.key, LazyEngine())
