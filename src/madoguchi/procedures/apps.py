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
        self._register_subjects()
        self._register_meters()
        self._register_files()
        self._register_scopes()
        self._register_delegation()
        self._register_inbox()

    def _register_inbox(self) -> None:
        from madoguchi.messaging.registry import inbox_sources

        from .plugins.inbox import APPLICATIONS

        inbox_sources.register(APPLICATIONS.key, APPLICATIONS)

    def _register_scopes(self) -> None:
        from madoguchi.trust.api import scopes

        from .registry import SCOPES

        for scope in SCOPES:
            scopes.register(scope.key, scope)

    def _register_delegation(self) -> None:
        from madoguchi.trust.registry import DelegationScope, delegation_scopes

        from .selectors.definitions import delegable_procedures

        delegation_scopes.register(self.label, DelegationScope(self.label, delegable_procedures))

    def _register_files(self) -> None:
        from madoguchi.trust.api import file_purposes

        from .plugins.attachments import ATTACHMENT
        from .services.exporting import PURPOSE

        file_purposes.register(ATTACHMENT.key, ATTACHMENT)
        file_purposes.register(PURPOSE.key, PURPOSE)

    def _register_subjects(self) -> None:
        from madoguchi.cases.registry import case_subjects, service_tasks
        from madoguchi.ledger.registry import receivable_subjects
        from madoguchi.records.registry import document_subjects

        from .plugins import case_subject, documents, payments
        from .plugins.service_tasks import TASKS

        case_subjects.register(case_subject.APPLICATION.key, case_subject.APPLICATION)
        receivable_subjects.register(payments.FEE.key, payments.FEE)
        document_subjects.register(documents.RESULT.key, documents.RESULT)
        for task in TASKS:
            service_tasks.register(task.key, task)

    def _register_meters(self) -> None:
        from madoguchi.trust.api import meters

        from .selectors.own_meters import OWN_METERS

        for meter in OWN_METERS:
            meters.register(meter.key, meter)

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions

        for key, policy in permissions.POLICIES.items():
            policies.register(key, policy)
