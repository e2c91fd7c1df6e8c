"""The ledger room as a Django application."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The books of the city hall: double entry, receivables, payments, refunds, reconciliation."""

    name = "madoguchi.ledger"
    label = "ledger"
    verbose_name = "収納"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the room offers to the house."""
        self._register_policies()
        self._register_providers()
        self._register_meters()

    def _register_meters(self) -> None:
        from madoguchi.trust.api import meters

        from .selectors.own_meters import OWN_METERS

        for meter in OWN_METERS:
            meters.register(meter.key, meter)

    def _register_providers(self) -> None:
        from django.conf import settings

        from .plugins.configured import providers_from
        from .registry import payment_providers

        for provider in providers_from(settings.PAYMENT_PROVIDERS):
            payment_providers.register(provider.key, provider)

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions

        for key, policy in permissions.POLICIES.items():
            policies.register(key, policy)
