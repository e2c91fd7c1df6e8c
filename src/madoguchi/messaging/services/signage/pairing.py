"""
Pairing (接続): a browser shows a code, somebody on duty types it, and the browser is that screen from then on.

The browser holds its secret from the beginning; the house keeps the digest alone. Nothing has to be handed over at the end, so
no lost answer can leave a device without its secret.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Event, municipality_in_scope, record_event

from ... import events
from ...errors import StatusError
from ...models import PairingCode, Screen
from ...permissions import screen_policy
from ...rules.signage.codes import new_code, read_code
from .common import digest_of, touch_screens
from .screens import add_screen

CODE_LIFE = timedelta(minutes=15)
KEPT = timedelta(hours=1)
"""How long a code that was typed stays, so that its browser hears of it though the network was away."""
MOST_OPEN, MOST_PER_ADDRESS = 200, 20
MOST_WRONG, WRONG_WITHIN = 10, timedelta(minutes=10)


def offer_code(
    *, secret: str = "", address: str | None = None, width: int | None = None, height: int | None = None
) -> tuple[PairingCode, str]:
    """
    Return a code for a browser and its secret: the same ones while they hold, else new ones.

    Raises ``StatusError`` when too many browsers wait, for then somebody is playing tricks.
    """
    now = clock.now()
    found = find_waiting(secret=secret)
    if found is not None and found.screen_id is None:
        return found, secret
    waiting = PairingCode.objects.filter(expires_at__gt=now, screen__isnull=True)
    if waiting.count() >= MOST_OPEN or (address and waiting.filter(address=address).count() >= MOST_PER_ADDRESS):
        raise StatusError(_("接続を待っている画面が多すぎます。15分ほど待ってから、もう一度開いてください。"))
    secret = secrets.token_urlsafe(32)
    for _attempt in range(5):
        try:
            with transaction.atomic():
                made = PairingCode.objects.create(
                    municipality=municipality_in_scope(),
                    code=new_code(),
                    secret_digest=digest_of(secret),
                    address=address,
                    width=width,
                    height=height,
                    created_at=now,
                    expires_at=now + CODE_LIFE,
                )
        except IntegrityError:
            continue
        return made, secret
    raise StatusError(_("接続コードを作れませんでした。もう一度開いてください。"))


def find_waiting(*, secret: str) -> PairingCode | None:
    """Return the code of a browser by its secret, while it holds or once it was typed; None otherwise."""
    if not secret:
        return None
    found = PairingCode.objects.select_related("screen").filter(secret_digest=digest_of(secret)).first()
    return found if found and (found.screen_id is not None or found.expires_at > clock.now()) else None


def claim_code(*, code: str, actor: Account, screen: Screen | None = None, name: str = "", place: str = "") -> Screen:
    """
    Make the browser that shows a code the device of a screen, or of a new one with ``name``; a former device is shut out at once.

    Raises ``RefusedError``, or ``StatusError`` for a code that no browser shows and after ten wrong ones in ten minutes.
    """
    screen_policy.require(actor, "edit")
    _require_few_wrong(actor)
    read = read_code(code)
    with transaction.atomic():
        waiting = PairingCode.objects.select_for_update().filter(screen__isnull=True, expires_at__gt=clock.now())
        found = waiting.filter(code=read).first() if read else None
        if found is not None:
            return _pair(screen or add_screen(name=name, place=place, actor=actor), found, actor)
        # Kept although the request is refused: it is what the next one is judged by.
        record_event(kind=events.SCREEN_CODE_REFUSED, subject=screen or municipality_in_scope(), actor=actor)
    raise StatusError(
        _("このコードを表示している画面はありません。画面に出ている6文字を確かめてください（15分で新しくなります）。")
    )


def _require_few_wrong(actor: Account) -> None:
    since = clock.now() - WRONG_WITHIN
    wrong = Event.objects.filter(key=events.SCREEN_CODE_REFUSED.key, at__gt=since, actor=actor).count()
    if wrong >= MOST_WRONG:
        raise StatusError(
            _("違うコードが続いたため、10分間は接続できません。時間をおいて、画面のコードを確かめてください。")
        )


def _pair(screen: Screen, found: PairingCode, actor: Account) -> Screen:
    now = clock.now()
    replaced = screen.is_paired
    screen.secret_digest = found.secret_digest
    screen.paired_at, screen.paired_by = now, actor
    screen.last_seen_at = screen.lost_at = None
    screen.width, screen.height, screen.status = found.width, found.height, {}
    screen.save(
        update_fields=[
            "secret_digest", "paired_at", "paired_by", "last_seen_at", "lost_at", "width", "height", "status",
        ]
    )  # fmt: skip
    found.screen, found.expires_at = screen, now + KEPT
    found.save(update_fields=["screen", "expires_at"])
    touch_screens(screens=[screen.pk])
    record_event(kind=events.SCREEN_PAIRED, subject=screen, actor=actor, data={"replaced": replaced})
    return screen


@transaction.atomic
def unpair_screen(*, screen: Screen, actor: Account) -> Screen:
    """Shut the device of a screen out: it forgets what it keeps and shows a new code."""
    screen_policy.require(actor, "edit")
    if screen.is_paired:
        screen.secret_digest, screen.lost_at, screen.status = "", None, {}
        screen.save(update_fields=["secret_digest", "lost_at", "status"])
        PairingCode.objects.filter(screen=screen).delete()
        record_event(kind=events.SCREEN_UNPAIRED, subject=screen, actor=actor)
    return screen


def screen_of_device(*, number: str, secret: str) -> tuple[Screen | None, bool]:
    """Return the screen of a number (None: there is none here) and whether the secret is its device's."""
    screen = Screen.objects.select_related("override").filter(number=number, removed_at__isnull=True).first()
    if screen is None:
        return None, False
    known = bool(secret) and hmac.compare_digest(screen.secret_digest, digest_of(secret))
    return screen, known and screen.is_paired


def sweep_codes() -> int:
    """Delete codes whose time is over; return how many."""
    return PairingCode.objects.filter(expires_at__lt=clock.now()).delete()[0]
