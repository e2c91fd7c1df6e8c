"""ID tokens: every check of OpenID Connect Core 3.1.3.7, each with a reason of its own when it fails."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError

from madoguchi.kit import clock

from ...rules.identity import Visit
from .metadata import Directory
from .refusals import refuse

LEEWAY = timedelta(seconds=60)
# An ID token is taken from the token endpoint within seconds; one that was made long ago is somebody's old one.
MAXIMUM_AGE = timedelta(minutes=10)


def check_id_token(
    token: object,
    *,
    directory: Directory,
    client_id: str,
    algorithms: tuple[str, ...],
    visit: Visit,
    acr: tuple[str, ...],
    access_token: str,
) -> dict[str, Any]:
    """
    Return the claims of an ID token that is right in every respect; refuses it with the reason otherwise.

    ``acr`` are the values its acr must hold, all of them.
    """
    if not isinstance(token, str):
        refuse("bad_answer", "no id_token")
    claims = _verified(token, directory, algorithms)
    if claims.get("iss") != directory.issuer:
        refuse("wrong_issuer", "id_token")
    _check_audience(claims, client_id)
    _check_times(claims, visit)
    if claims.get("nonce") != visit.nonce:
        refuse("wrong_nonce")
    _check_acr(claims, acr)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        refuse("bad_answer", "sub")
    if "at_hash" in claims and claims["at_hash"] != _half_hash(access_token):
        refuse("wrong_token_hash")
    return claims


def _verified(token: str, directory: Directory, algorithms: tuple[str, ...]) -> dict[str, Any]:
    header = _header(token)
    # Looked at before any key is: "none", and HS256 with a public key as the secret, end here.
    if header.get("alg") not in algorithms:
        refuse("wrong_algorithm", str(header.get("alg"))[:20])
    kid = header.get("kid")
    if not isinstance(kid, str):
        refuse("unknown_key", "no kid")
    try:
        return dict(jwt.decode(token, directory.key(kid), algorithms=list(algorithms)).claims)
    except BadSignatureError:
        refuse("bad_signature")
    except JoseError as error:
        refuse("bad_answer", type(error).__name__)


def _header(token: str) -> dict[str, Any]:
    try:
        part = token.split(".", 1)[0]
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        refuse("bad_answer", "id_token")
    return header if isinstance(header, dict) else {}


def _check_audience(claims: dict[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if client_id not in listed or (len(listed) > 1 and claims.get("azp") != client_id):
        refuse("wrong_audience")
    if claims.get("azp", client_id) != client_id:
        refuse("wrong_audience", "azp")


def _moment(claims: dict[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 253402300800:
        refuse("bad_answer", name)
    return datetime.fromtimestamp(value, UTC)


def _check_times(claims: dict[str, Any], visit: Visit) -> None:
    now = clock.now()
    if _moment(claims, "exp") <= now - LEEWAY:
        refuse("expired_token")
    issued = _moment(claims, "iat")
    if issued < now - MAXIMUM_AGE:
        refuse("expired_token", "iat")
    if issued > now + LEEWAY or ("nbf" in claims and _moment(claims, "nbf") > now + LEEWAY):
        refuse("early_token")
    if visit.is_renewal and "auth_time" in claims and _moment(claims, "auth_time") < visit.started_at - LEEWAY:
        refuse("old_authentication")


def authenticated_at(claims: dict[str, Any]) -> datetime:
    """Return when the person proved who they are, never later than now."""
    return min(_moment(claims, "auth_time" if "auth_time" in claims else "iat"), clock.now())


def _check_acr(claims: dict[str, Any], wanted: tuple[str, ...]) -> None:
    if not wanted:
        return
    acr = claims.get("acr")
    if not isinstance(acr, str) or not acr:
        refuse("missing_acr")
    if not set(wanted) <= set(acr.split()):
        refuse("weak_acr", acr[:40])


def _half_hash(text: str) -> str:
    # ES256 and RS256 alike: the left half of SHA-256 (OpenID Connect Core 3.1.3.6).
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()
