"""The providers of an installation, from its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..registry import PaymentProvider
from .hosted_page import HostedPageProvider

KINDS = {"hosted_page": HostedPageProvider}


def providers_from(settings: Sequence[Mapping[str, Any]]) -> list[PaymentProvider]:
    """Return the providers the settings name; each has ``kind`` and the arguments of that kind's class."""
    made: list[PaymentProvider] = []
    for entry in settings:
        arguments = {name: value for name, value in entry.items() if name not in ("kind", "page_url")}
        if "methods" in arguments:
            arguments["methods"] = tuple(arguments["methods"])
        made.append(KINDS[entry["kind"]](**arguments))
    return made
