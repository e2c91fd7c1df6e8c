"""Sending webhooks over HTTP: short time-outs, no redirects, nothing read but the status."""

from __future__ import annotations

import httpx

TIMEOUT = 10.0


class HttpSender:
    """Posts a signed message; any answer from 200 to 299 means that it was taken."""

    def send(self, url: str, headers: dict[str, str], body: bytes) -> tuple[bool, str]:
        """Return whether it was taken, and the answer in a few words for the list of deliveries."""
        try:
            with (
                httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", url, headers=headers, content=body) as response,
            ):
                return response.is_success, f"HTTP {response.status_code}"
        except httpx.HTTPError as error:
            return False, type(error).__name__
