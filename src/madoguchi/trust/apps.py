"""The trust room as a Django application."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Who, where and what happened."""

    name = "madoguchi.trust"
    label = "trust"
    verbose_name = "信頼基盤"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Join the libraries and register the policies."""
        from . import permissions, registry  # models are loaded only now
        from .plugins import allauth, oidc, webhooks
        from .selectors import own_meters
        from .services import delegations, registry_imports

        allauth.connect()
        oidc.connect()
        registry.policies.register("trust.account", permissions.account_policy)
        registry.policies.register("trust.unit", permissions.unit_policy)
        registry.policies.register("trust.duty", permissions.duty_policy)
        registry.policies.register("trust.resident", permissions.resident_policy)
        registry.policies.register("trust.identity", permissions.identity_policy)
        registry.policies.register("trust.attribute", permissions.attribute_policy)
        registry.policies.register("trust.delegation", permissions.delegation_policy)
        registry.policies.register("trust.machine", permissions.machine_policy)
        registry.webhook_senders.register("http", webhooks.HttpSender())
        registry.policies.register("trust.operations", permissions.operations_policy)
        for meter in own_meters.OWN_METERS:
            registry.meters.register(meter.key, meter)
        registry.file_purposes.register(delegations.PROOF_PURPOSE, delegations.PROOF)
        registry.file_purposes.register(registry_imports.PURPOSE.key, registry_imports.PURPOSE)
