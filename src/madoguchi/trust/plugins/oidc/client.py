"""The relying party: authorization code with PKCE, state, nonce and a signed client assertion, against one provider."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from joserfc import jwt

from madoguchi.kit import clock
from madoguchi.kit.registry import ConfigProblem, Severity

from ...models import current_municipality
from ...registry import IdentityProvider
from ...rules.identity import SignedDigest, Visit, Vouched
from . import keys, tokens
from .metadata import Directory
from .profiles import Place, Profile
from .refusals import refuse
from .signing import SignatureService
from .transport import json_of, origin_of, send

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 300
MAXIMUM_REDIRECT = 255


class OidcProvider(IdentityProvider):
    """A configured provider, spoken to in the way of its profile."""

    def __init__(
        self,
        *,
        key: str,
        profile: Profile,
        issuer: str,
        client_id: str,
        client_secret: str = "",
        label: str = "",
        acr: Iterable[str] | None = None,
        municipalities: Iterable[str] = (),
        signature: SignatureService | None = None,
    ) -> None:
        self.key = key
        self.profile = profile
        self.label = label or profile.label
        self.audience = profile.audience
        self.client_id = client_id
        self.acr = profile.acr if acr is None else tuple(acr)
        self.municipalities = frozenset(municipalities)
        self.directory = Directory(issuer, frozenset({origin_of(issuer)} - {""}))
        self.signature = signature
        self.signs = signature is not None
        self._secret = client_secret

    def begin(self, visit: Visit) -> str:
        """Return the address of the authorization request."""
        if len(visit.redirect_uri) > MAXIMUM_REDIRECT:
            refuse("redirect_too_long")
        scopes = [*self.profile.scopes]
        if visit.transaction:
            scopes = ["openid", self.profile.sign_scope]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(visit.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "scope": " ".join(scopes),
            "client_id": self.client_id,
            "redirect_uri": visit.redirect_uri,
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if self.acr:
            asked["acr_values"] = " ".join(self.acr)
        if visit.transaction:
            asked["sign_transaction_id"] = visit.transaction
        if visit.is_renewal and self.profile.renewal:
            asked |= self.profile.renewal
        endpoint = self.directory.metadata()["authorization_endpoint"]
        if origin_of(endpoint) not in self.directory.origins:
            refuse("foreign_address", "authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked, quote_via=quote)}"

    def finish(self, visit: Visit, answer: Mapping[str, str]) -> Vouched:
        """Redeem the code, check the ID token, and ask for the person's attributes."""
        vouched, _token = self._redeem(visit, answer)
        return vouched

    def request_signature(self, digest: bytes) -> str:
        """Announce the digest and return the transaction's id."""
        if self.signature is None:
            refuse("cannot_sign")
        granted = self._token({"grant_type": "client_credentials", "scope": self.profile.sign_scope})
        return self.signature.announce(digest, _access_token(granted))

    def finish_signature(self, visit: Visit, answer: Mapping[str, str], digest: bytes) -> tuple[Vouched, SignedDigest]:
        """Redeem the code, fetch the result of the transaction with its token, and verify it over the digest."""
        if self.signature is None:
            refuse("cannot_sign")
        vouched, access_token = self._redeem(visit, answer)
        place = _place()
        return vouched, self.signature.collect(visit.transaction, access_token, digest, place)

    def check_config(self) -> list[ConfigProblem]:
        """Report what cannot work; the provider itself is not asked."""
        problems = []
        if not self.directory.origins:
            problems.append(f"発行者「{self.directory.issuer}」は https で始まるアドレスにしてください。")
        if not self.client_id:
            problems.append("client_id がありません。")
        if self.profile.client_authentication == "client_secret_basic" and not self._secret:
            problems.append("client_secret がありません。")
        if self.signature is not None:
            problems.extend(self.signature.problems())
        return [ConfigProblem(self.key, Severity.ERROR, f"本人確認「{self.label}」: {text}") for text in problems]

    def _redeem(self, visit: Visit, answer: Mapping[str, str]) -> tuple[Vouched, str]:
        self._check_answer(answer)
        granted = self._token(
            {
                "grant_type": "authorization_code",
                "code": answer["code"],
                "redirect_uri": visit.redirect_uri,
                "code_verifier": visit.verifier,
            }
        )
        access_token = _access_token(granted)
        claims = tokens.check_id_token(
            granted.get("id_token"),
            directory=self.directory,
            client_id=self.client_id,
            algorithms=self.profile.id_token_algorithms,
            visit=visit,
            acr=self.acr,
            access_token=access_token,
        )
        facts = self._user_information(access_token, claims["sub"])
        return self._vouched(claims, facts), access_token

    def _vouched(self, claims: Mapping[str, Any], facts: Mapping[str, Any]) -> Vouched:
        try:
            attributes = self.profile.read(facts, _place())
        except ValueError as error:
            refuse("bad_claim", str(error))
        return Vouched(
            provider=self.key,
            issuer=self.directory.issuer,
            subject=claims["sub"],
            acr=str(claims.get("acr", ""))[:80],
            level=self.profile.level_of(facts),
            authenticated_at=tokens.authenticated_at(dict(claims)),
            attributes=attributes,
            audience=self.audience,
        )

    def _check_answer(self, answer: Mapping[str, str]) -> None:
        """Look at what the browser brought: from the right provider (RFC 9207), no error, a code."""
        says_issuer = self.directory.metadata().get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", "" if says_issuer else self.directory.issuer) != self.directory.issuer:
            refuse("wrong_issuer", "iss")
        if error := answer.get("error", ""):
            refuse("cancelled" if error == "access_denied" else "provider_error", error)
        if not answer.get("code"):
            refuse("bad_answer", "no code")

    def _token(self, form: dict[str, str]) -> dict[str, Any]:
        endpoint = self.directory.metadata()["token_endpoint"]
        headers = {"Accept": "application/json"}
        if self.profile.client_authentication == "private_key_jwt":
            form |= {"client_assertion_type": ASSERTION, "client_assertion": self._assertion(endpoint)}
            form.setdefault("client_id", self.client_id)
        else:
            pair = f"{quote(self.client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        response = send("POST", endpoint, origins=self.directory.origins, data=form, headers=headers)
        if response.status_code != 200:
            error = str(json_of(response).get("error", "")) if response.status_code < 500 else ""
            if error == "invalid_grant":
                refuse("code_refused")
            refuse("provider_error" if error else "provider_unavailable", error or f"status {response.status_code}")
        return json_of(response)

    def _assertion(self, audience: str) -> str:
        now = int(clock.now().timestamp())
        key = keys.signing_key()
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": audience,
            "jti": secrets.token_urlsafe(24),
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def _user_information(self, access_token: str, subject: str) -> dict[str, Any]:
        response = send(
            "GET",
            self.directory.metadata()["userinfo_endpoint"],
            origins=self.directory.origins,
            headers={"Authorization": f"Bearer {access_token}", "Accept": "application/json"},
        )
        if response.status_code != 200:
            refuse("provider_error", f"userinfo {response.status_code}")
        facts = json_of(response)
        if facts.get("sub") != subject:
            refuse("subject_mismatch")
        return facts


def _access_token(granted: Mapping[str, Any]) -> str:
    token = granted.get("access_token")
    if not isinstance(token, str) or not token or str(granted.get("token_type", "")).lower() != "bearer":
        refuse("bad_answer", "no access_token")
    return token


def _place() -> Place:
    here = current_municipality()
    return Place(here.prefecture, here.name) if here else Place("", "")
