"""How the municipality in scope sends, and how it is reached."""

from __future__ import annotations

from django.conf import settings

from madoguchi.trust.api import Municipality, municipality_in_scope

from ..models import SendingSettings


def sending_settings() -> SendingSettings:
    """Return the settings of the municipality in scope; unsaved defaults where nobody changed any."""
    return SendingSettings.objects.first() or SendingSettings(municipality=municipality_in_scope())


def site_address(municipality: Municipality | None = None) -> str:
    """Return the address at which residents reach a municipality, without a slash at the end, such as ``https://city.example``."""
    found = municipality or municipality_in_scope()
    pattern = settings.DOCUMENT_ADDRESS or ("https://{host}" if settings.HTTPS else "http://{host}")
    host = found.hosts.values_list("host", flat=True).order_by("pk").first() or f"{found.key}.localhost"
    return str(pattern).replace("{host}", host).rstrip("/")
