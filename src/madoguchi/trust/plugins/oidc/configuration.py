"""Providers from the settings into the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from ...registry import identity_providers
from .client import OidcProvider
from .profiles import PROFILES
from .signing import SignatureService


def provider_from(facts: Mapping[str, Any]) -> OidcProvider:
    """
    Return the provider that one entry of ``IDENTITY_PROVIDERS`` describes.

    Keys: ``key``, ``profile``, ``issuer``, ``client_id``; optional ``client_secret``, ``label``, ``acr``, ``municipalities``,
    ``signature`` (``api``, ``authorities``, ``revocation_list``, ``fields``). The settings have checked their types.
    """
    signature = facts.get("signature")
    return OidcProvider(
        key=facts["key"],
        profile=PROFILES[facts["profile"]],
        issuer=facts["issuer"],
        client_id=facts["client_id"],
        client_secret=facts.get("client_secret", ""),
        label=facts.get("label", ""),
        acr=facts.get("acr"),
        municipalities=facts.get("municipalities", ()),
        signature=SignatureService(**signature) if signature else None,
    )


def connect() -> None:
    """Register the configured providers; called once when the application starts. Nobody is asked anything yet."""
    for facts in settings.IDENTITY_PROVIDERS:
        identity_providers.register(facts["key"], provider_from(facts))
