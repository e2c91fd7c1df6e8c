"""The plan room as a Django application."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Steering the city hall."""

    name = "madoguchi.plan"
    label = "plan"
    verbose_name = "計画"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the readers of plan documents, the room's meters, files and policies."""
        self._register_readers()
        self._register_meters()
        self._register_policies()

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions

        policies.register("plan.plan", permissions.plan_policy)
        policies.register("plan.project", permissions.project_policy)
        policies.register("plan.indicator", permissions.indicator_policy)
        policies.register("plan.review", permissions.review_policy)

    def _register_meters(self) -> None:
        from madoguchi.trust.api import file_purposes, meters

        from .plugins.evidence_files import EVIDENCE
        from .selectors.own_meters import OWN_METERS

        for meter in OWN_METERS:
            meters.register(meter.key, meter)
        file_purposes.register(EVIDENCE.key, EVIDENCE)

    def _register_readers(self) -> None:
        from .plugins.hiratsuka import HiratsukaReader
        from .plugins.isehara import IseharaReader
        from .plugins.odawara import OdawaraReader
        from .plugins.oyama import OyamaReader
        from .plugins.sagamihara import SagamiharaReader
        from .registry import readers

        for reader in (OdawaraReader, OyamaReader, IseharaReader, SagamiharaReader, HiratsukaReader):
            readers.register(reader.key, reader())
