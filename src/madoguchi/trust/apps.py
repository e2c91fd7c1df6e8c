"""The trust room as a Django application."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Who, where and what happened."""

    name = "madoguchi.trust"
    label = "trust"
    verbose_name = "信頼基盤"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Join the libraries."""
        from .plugins import allauth  # models are loaded only now

        allauth.connect()
