"""The messaging room as a Django application."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Audiences, channels, deliveries, the inbox, emergencies and screens."""

    name = "madoguchi.messaging"
    label = "messaging"
    verbose_name = "お知らせ"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the room offers to the house."""
        self._register_policies()
        self._register_channels()
        self._register_meters()
        self._register_files()
        self._register_scopes()
        self._register_signage()
        self._register_audience_sources()
        self._take_secrets()

    def _take_secrets(self) -> None:
        from django.conf import settings

        from .rules import tokens

        tokens.configure([str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])

    def _register_channels(self) -> None:
        from madoguchi.trust.api import connections

        from .plugins.configured import CHANNELS
        from .plugins.connections import connection_of
        from .registry import channels

        for channel in CHANNELS:
            channels.register(channel.key, channel)
            connections.register(f"messaging.{channel.key}", connection_of(channel))

    def _register_meters(self) -> None:
        from madoguchi.trust.api import meters

        from .selectors.own_meters import OWN_METERS

        for meter in OWN_METERS:
            meters.register(meter.key, meter)

    def _register_files(self) -> None:
        from madoguchi.trust.api import file_purposes

        from .plugins.files import PURPOSES

        for purpose in PURPOSES:
            file_purposes.register(purpose.key, purpose)

    def _register_scopes(self) -> None:
        from madoguchi.trust.api import scopes

        from .plugins.scopes import SCOPES

        for scope in SCOPES:
            scopes.register(scope.key, scope)

    def _register_audience_sources(self) -> None:
        from .registry import audience_sources
        from .selectors.alert_sources import OWN_SOURCES

        for source in OWN_SOURCES:
            audience_sources.register(source.key, source)

    def _register_signage(self) -> None:
        from .plugins.signage import SIGNAGE_SOURCES
        from .registry import signage_sources

        for source in SIGNAGE_SOURCES:
            signage_sources.register(source.key, source)

    def _register_policies(self) -> None:
        from madoguchi.trust.registry import policies

        from . import permissions

        for key, policy in permissions.POLICIES.items():
            policies.register(key, policy)
