"""CAP messages of other authorities: read, and where they matter, drafted; somebody of the city decides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import record_event

from ... import events
from ...enums import AlertSource, AlertState
from ...models import Alert
from ...rules.alerts import LIMITS, LONGEST_LIFE
from ...rules.cap import OUR_LANGUAGES, CapAlert, CapInfo, read_cap, to_bytes
from ...rules.cap.signing import verify_cap
from .drafting import alert_data, discard_draft, draft_alert
from .keys import trusted_certificates


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a CAP message: ``outcome`` (``draft``, ``known``, ``withdrawn``, ``noted``, ``none``), the alert, and why."""

    outcome: str
    why: str
    alert: Alert | None = None


def take_cap(*, data: bytes) -> Intake:
    """
    Take a CAP message in; nobody is told anything by it, a draft at most waits for an official.

    Only an actual, public message that has not expired counts. Raises ``CapError`` for what breaks the standard, and
    ``SignatureError`` where certificates are configured and none of them has signed.
    """
    certificates = trusted_certificates()
    if certificates:
        data = to_bytes(verify_cap(data, certificates=certificates, now=clock.now()))
    document = read_cap(data)
    ignored = _why_ignored(document)
    if ignored:
        return Intake("none", ignored)
    if document.msg_type == "Cancel":
        return _withdraw(document)
    return _draft(document)


def source_key(*, sender: str, identifier: str) -> str:
    """Return the key of somebody's message: sender and identifier together are unique in the world."""
    return hashlib.sha256(f"{sender},{identifier}".encode()).hexdigest()[:40]


def _why_ignored(document: CapAlert) -> str:
    if document.status != "Actual":
        return _("%(status)s の電文のため、発表にはつなげません。") % {"status": document.status}
    if document.scope != "Public":
        return _("公開の電文ではありません（scope: %(scope)s）。") % {"scope": document.scope}
    if document.msg_type in ("Ack", "Error"):
        return _("確認・誤りの知らせのため、発表にはつなげません。")
    if document.msg_type != "Cancel" and not document.infos:
        return _("内容（info）がありません。")
    if document.infos and all(_is_over(info.expires) for info in document.infos):
        return _("有効期限が過ぎています。")
    return ""


def _is_over(moment: datetime | None) -> bool:
    return moment is not None and moment <= clock.now()


def _referred(document: CapAlert) -> list[Alert]:
    named = (reference.split(",") for reference in document.references.split())
    keys = [source_key(sender=sender, identifier=identifier) for sender, identifier, _sent in named]
    return list(Alert.objects.filter(source=AlertSource.CAP, source_key__in=keys).order_by("id"))


def _draft(document: CapAlert) -> Intake:
    key = source_key(sender=document.sender, identifier=document.identifier)
    known = Alert.objects.filter(source=AlertSource.CAP, source_key=key).first()
    if known is not None:
        return Intake("known", _("すでに受け取った電文です。"), known)
    former = _referred(document)
    info = document.infos[0]
    with transaction.atomic():
        for draft in former:
            if draft.state == AlertState.DRAFT:
                discard_draft(alert=draft, actor=None, reason=_("発信者が新しい電文を出しました。"))
        alert = draft_alert(
            actor=None,
            event_code="other",
            event_name=info.event[:80],
            event_key=former[0].event_key if former else f"cap:{key}",
            contents=_contents(document),
            areas=[{"name": area.description[:120]} for area in info.areas[:20]],
            category=info.categories[0],
            urgency=info.urgency,
            severity=info.severity,
            certainty=info.certainty,
            onset=info.onset,
            expires_at=_end_of(info),
            source=AlertSource.CAP,
            source_key=key,
        )
    return Intake("draft", _("下書きにしました。危機管理の職員が確かめて発表します。"), alert)


def _end_of(info: CapInfo) -> datetime | None:
    if info.expires is None:
        return None
    latest = min(info.expires, clock.now() + LONGEST_LIFE)
    return None if info.onset is not None and info.onset >= latest else latest


def _contents(document: CapAlert) -> dict[str, dict[str, str]]:
    """Return the texts by language; Japanese is needed, so what was not sent in Japanese stands there until somebody translates it."""
    contents: dict[str, dict[str, str]] = {}
    for info in document.infos:
        language = OUR_LANGUAGES.get(info.language) or info.language.split("-")[0].lower()
        contents.setdefault(language, _texts(info))
    if "ja" not in contents:
        contents["ja"] = next(iter(contents.values()))
    return contents


def _texts(info: CapInfo) -> dict[str, str]:
    texts = {
        "headline": " ".join((info.headline or info.event).split()),
        "description": info.description,
        "instruction": info.instruction or info.description or info.event,
    }
    return {part: _short(_harmless(text), LIMITS[part]) for part, text in texts.items()}


def _harmless(text: str) -> str:
    cleaned = text.replace("{{", "{ {").replace("}}", "} }").replace("\t", " ")
    return "".join(character for character in cleaned if ord(character) >= 32 or character == "\n").strip()


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


@transaction.atomic
def _withdraw(document: CapAlert) -> Intake:
    """Take drafts back whose sender has cancelled them; of one that was issued, an official decides."""
    referred = _referred(document)
    drafts = [alert for alert in referred if alert.state == AlertState.DRAFT]
    for alert in drafts:
        discard_draft(alert=alert, actor=None, reason=_("発信者が取り消しました。"))
    live = [alert for alert in referred if alert.state == AlertState.ISSUED]
    for alert in live:
        alert.note = _("発信者が取り消しました。解除するか確かめてください。")
        alert.save(update_fields=["note"])
        record_event(kind=events.ALERT_WITHDRAWN, subject=alert, data=alert_data(alert))
    if live:
        return Intake("noted", _("発表中の緊急情報に、発信者が取り消したことを書きました。"), live[0])
    if drafts:
        return Intake("withdrawn", _("下書きを取り下げました。"), drafts[0])
    return Intake("none", _("取り消す電文を受け取っていません。"))
