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
        self._register_plugins()
        self._register_meters()

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions
        from .registry import may_read_subject

        permissions.subject_readers.append(may_read_subject)
        for key, policy in permissions.POLICIES.items():
            policies.register(key, policy)

    def _register_plugins(self) -> None:
        from madoguchi.trust.api import file_purposes

        from .plugins.document_files import DOCUMENT
        from .plugins.pades import PadesSealer
        from .plugins.typst_pages import TypstTypesetter
        from .registry import SEALER, TYPESETTER, sealers, typesetters

        file_purposes.register(DOCUMENT.key, DOCUMENT)
        typesetters.register(TYPESETTER, TypstTypesetter())
        sealers.register(SEALER, PadesSealer())

    def _register_meters(self) -> None:
        from madoguchi.trust.api import meters

        from .selectors.own_meters import OWN_METERS

        for meter in OWN_METERS:
            meters.register(meter.key, meter)
