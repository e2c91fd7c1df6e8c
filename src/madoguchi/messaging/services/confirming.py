"""Proving that an address is somebody's: a link by mail, a code by SMS. Asked too often, nothing more is sent."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope

from ..enums import EndpointStatus
from ..errors import MessagingError
from ..models import Endpoint
from ..selectors.settings import site_address
from .endpoints import activate, confirmation_token
from .notices import notify

WRITTEN_IN = ("ja", "ja-easy", "en")
CODE_MINUTES = 10
CODE_TRIES = 5
SENT_PER_HOUR = 3
_HOUR = 3600


def is_within(name: str, *, limit: int, seconds: int = _HOUR) -> bool:
    """Count one more of something and tell whether it has not been done more than ``limit`` times in this time."""
    key = f"messaging:{municipality_in_scope().pk}:{sha256(name.encode()).hexdigest()}"
    cache.add(key, 0, timeout=seconds)
    try:
        return bool(cache.incr(key) <= limit)
    except ValueError:  # it ran out between the two
        return True


def in_every_language(write: Callable[[], tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """Return the contents of a message whose (subject, body, short) the house itself writes."""
    found = {}
    for language in WRITTEN_IN:
        with translation.override(language):
            subject, body, short = write()
        found[language] = {"subject": subject, "body": body, "short": short}
    return found


def send_confirmation(*, endpoint: Endpoint) -> bool:
    """Send the link that confirms a mail address, and tell whether it was sent: not for the fourth time in an hour."""
    if endpoint.status == EndpointStatus.ACTIVE or not is_within(f"confirm:{endpoint.digest}", limit=SENT_PER_HOUR):
        return False
    _claim_again(endpoint)
    city = municipality_in_scope().name
    link = site_address() + reverse("preferences:confirm", args=[confirmation_token(endpoint)])

    def write() -> tuple[str, str, str]:
        words = {"city": city, "link": link}
        body = _(
            "%(city)sのお知らせをこのアドレスで受け取る申し込みがありました。\n\n"
            "受け取る場合は、2日以内に次のページを開いて「登録する」を押してください。\n\n%(link)s\n\n"
            "お心当たりがない場合は、何もしないでください。登録されず、お知らせも届きません。"
        )
        return (
            _("【%(city)s】メールアドレスの確認") % words,
            body % words,
            _("%(city)s：メールアドレスの確認 %(link)s") % words,
        )

    notice = notify(
        identity=_identity(endpoint),
        contents=in_every_language(write),
        endpoint=endpoint,
        expires_at=clock.now() + timedelta(days=2),
    )
    return notice is not None


def send_code(*, endpoint: Endpoint) -> bool:
    """Send a code of six digits by SMS, good for ten minutes, and tell whether it was sent; an older code is void then."""
    if endpoint.status == EndpointStatus.ACTIVE or not is_within(f"confirm:{endpoint.digest}", limit=SENT_PER_HOUR):
        return False
    _claim_again(endpoint)
    code = f"{secrets.randbelow(1_000_000):06}"
    until = clock.now() + timedelta(minutes=CODE_MINUTES)
    city = municipality_in_scope().name

    def write() -> tuple[str, str, str]:
        words = {"city": city, "code": code, "minutes": CODE_MINUTES}
        text = _("%(city)sの確認コード：%(code)s（%(minutes)s分間有効）。だれにも教えないでください。") % words
        return _("確認コード"), text, text

    with transaction.atomic():
        kept = {"digest": _digest(endpoint, code), "until": until.isoformat(), "tries": 0}
        endpoint.details = {**endpoint.details, "confirmation": kept}
        endpoint.save(update_fields=["details"])
        notify(identity=_identity(endpoint), contents=in_every_language(write), endpoint=endpoint, expires_at=until)
    return True


def check_code(*, endpoint: Endpoint, code: str, actor: Account | None = None) -> Endpoint:
    """Make an address usable whose code was typed in; raises ``MessagingError`` for a wrong, old or often tried one."""
    with transaction.atomic():
        found = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        if found.status == EndpointStatus.ACTIVE:
            return found
        kept = found.details.get("confirmation")
        problem = _problem(kept)
        if problem is None and kept is not None:
            if hmac.compare_digest(kept["digest"], _digest(found, code.strip())):
                return activate(endpoint=found, actor=actor)
            found.details = {**found.details, "confirmation": {**kept, "tries": kept["tries"] + 1}}
            found.save(update_fields=["details"])
            problem = _("確認コードが違います。SMSに届いた6けたの数字を、もう一度入力してください。")
    # Raised outside, so that the try is counted.
    raise MessagingError(problem or "")


def _problem(kept: dict[str, object] | None) -> str | None:
    if kept is None or datetime.fromisoformat(str(kept["until"])) < clock.now():
        return _("確認コードの期限が切れました。もう一度送ってください。")
    if int(str(kept["tries"])) >= CODE_TRIES:
        return _("続けて間違えたため、この確認コードは使えません。もう一度送ってください。")
    return None


def _claim_again(endpoint: Endpoint) -> None:
    """Take an address that bounced or was blocked for a new claim: nothing but its confirmation goes to it."""
    if endpoint.status != EndpointStatus.UNCONFIRMED:
        endpoint.status, endpoint.failures, endpoint.last_error = EndpointStatus.UNCONFIRMED, 0, ""
        endpoint.save(update_fields=["status", "failures", "last_error"])


def _identity(endpoint: Endpoint) -> str:
    return f"confirm:{endpoint.pk}:{secrets.token_hex(8)}"


def _digest(endpoint: Endpoint, code: str) -> str:
    return sha256(f"{endpoint.pk}:{endpoint.digest}:{code}".encode()).hexdigest()
