"""What a provider says about itself: endpoints and keys, remembered for a while and asked again when keys change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from madoguchi.kit import clock

from .refusals import refuse
from .transport import json_of, send

METADATA_LIFE = timedelta(hours=1)
# A key that a provider has withdrawn is believed for no longer than this.
KEYS_LIFE = timedelta(minutes=10)
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@dataclass(slots=True)
class _Kept:
    value: Any
    at: datetime


class Directory:
    """Endpoints and keys of one issuer, shared by the threads of a process."""

    def __init__(self, issuer: str, origins: frozenset[str]) -> None:
        self.issuer = issuer
        self.origins = origins
        self._metadata: _Kept | None = None
        self._keys: _Kept | None = None

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document; its issuer must be exactly the one that was configured."""
        kept = self._metadata
        if kept is None or clock.now() - kept.at > METADATA_LIFE:
            kept = self._metadata = _Kept(self._discover(), clock.now())
        found: dict[str, Any] = kept.value
        return found

    def _discover(self) -> dict[str, Any]:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = json_of(send("GET", address, origins=self.origins))
        if found.get("issuer") != self.issuer:
            refuse("wrong_issuer", "discovery")
        if missing := [name for name in ENDPOINTS if not isinstance(found.get(name), str)]:
            refuse("bad_answer", f"discovery without {missing[0]}")
        return found

    def key(self, kid: str) -> RSAKey | ECKey:
        """
        Return the public key of an id; refuses one that is not published now.

        An unknown id makes the keys be asked for again at once: that is how a provider rotates them.
        """
        kept = self._keys
        if kept is None or clock.now() - kept.at > KEYS_LIFE:
            kept = self._keys = self._fetch()
        found: RSAKey | ECKey | None = _find(kept.value, kid)
        if found is None:
            kept = self._keys = self._fetch()
            found = _find(kept.value, kid)
        if found is None:
            refuse("unknown_key", kid)
        return found

    def _fetch(self) -> _Kept:
        document = json_of(send("GET", self.metadata()["jwks_uri"], origins=self.origins))
        try:
            # Symmetric keys have no place here: with one, a public key could be taken for a shared secret.
            usable = [key for key in document.get("keys", []) if key.get("kty") in {"RSA", "EC"} and _signs(key)]
            return _Kept(KeySet.import_key_set({"keys": usable}), clock.now())
        except (JoseError, AttributeError, TypeError, ValueError) as error:
            refuse("bad_answer", f"jwks: {type(error).__name__}")

    def forget(self) -> None:
        """Forget everything, so that the next question goes to the provider."""
        self._metadata = self._keys = None


def _signs(key: dict[str, Any]) -> bool:
    return bool(key.get("use", "sig") == "sig")


def _find(keys: KeySet, kid: str) -> Any:
    return next((key for key in keys.keys if key.kid == kid), None)
