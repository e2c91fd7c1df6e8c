"""Speaking to configured providers alone: no redirects, short waits, small answers, addresses of the provider's own origin."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from .refusals import refuse

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
MAXIMUM_BYTES = 512 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address; empty for one that must not be asked (no HTTPS outside this machine)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.hostname or parts.username:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port or (443 if parts.scheme == 'https' else 80)}"


def send(method: str, url: str, *, origins: frozenset[str], **options: Any) -> httpx.Response:
    """Ask a provider; refuses an address outside its origins, and answers that do not come, or are far too long."""
    if origin_of(url) not in origins:
        refuse("foreign_address", url)
    try:
        # No proxy from the environment and no redirects: nobody is asked who was not configured.
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, **options) as response,
        ):
            body = b""
            for part in response.iter_bytes():
                body += part
                if len(body) > MAXIMUM_BYTES:
                    refuse("bad_answer", "too long")
            return httpx.Response(response.status_code, headers=_plain(response.headers), content=body)
    except httpx.HTTPError as error:
        refuse("provider_unavailable", type(error).__name__)


def _plain(headers: httpx.Headers) -> dict[str, str]:
    # The body has been decoded already.
    return {name: value for name, value in headers.items() if name not in {"content-encoding", "content-length"}}


def json_of(response: httpx.Response) -> dict[str, Any]:
    """Return the object an answer holds; anything else is refused."""
    try:
        value = response.json()
    except ValueError:
        refuse("bad_answer", f"status {response.status_code}")
    if not isinstance(value, dict):
        refuse("bad_answer", f"status {response.status_code}")
    return value
