"""What is told to everybody: issuing, updating, ending an alert, each once and each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...enums import AlertMessageType, AlertSeverity, AlertState, AlertStatus, AlertUrgency
from ...errors import AlreadyIssuedError, StatusError
from ...models import Alert
from ...permissions import alert_policy
from ...rules.alerts import clean_contents, life_of, mark_drill, says_drill
from ...selectors.alerts import find_live, forget_live_alerts
from . import telling
from .drafting import CHANGEABLE, alert_data, locked, require_draft, require_sound

CHANGING = CHANGEABLE - {"effective"}
"""What an update may change."""


def find_live_alert(event_key: str, *, status: str = AlertStatus.ACTUAL) -> Alert | None:
    """Return the live alert of an event, or None; drills only where ``status`` asks for them."""
    return find_live(event_key, status=status)


def issue_alert(*, alert: Alert, actor: Account | None, automatic: bool = False) -> Alert:
    """
    Tell everybody (発表): the alert is live, the message goes out on all ways, the CAP file stands in the feed.

    One that is live already is returned as it is, so that a second click does nothing. ``automatic``: a rule says so and no
    person is needed. Raises ``RefusedError``, ``AlreadyIssuedError`` where another alert of the same event is live,
    ``StatusError`` for one that is over, ``ContentError``.
    """
    _require(actor, alert, automatic)
    try:
        with transaction.atomic():
            return _issue(locked(alert), actor, automatic)
    except IntegrityError:
        # Two transactions issued the same event at once; the database let one through.
        _refuse_second(alert)
        raise


def _issue(alert: Alert, actor: Account | None, automatic: bool) -> Alert:
    if alert.state == AlertState.ISSUED:
        return alert
    require_draft(alert)
    _refuse_second(alert)
    require_sound(alert)
    _publish(alert, actor, automatic)
    people = telling.tell(alert=alert, actor=actor)
    record_event(kind=events.ALERT_ISSUED, subject=alert, actor=actor, quantity=people, data=alert_data(alert))
    return alert


def _refuse_second(alert: Alert) -> None:
    live = find_live(alert.event_key, status=alert.status)
    if live is not None and live.pk != alert.pk:
        raise AlreadyIssuedError(
            _("この事象の緊急情報は、すでに発表されています。内容を変えるときは更新してください。"), live
        )


def update_alert(*, alert: Alert, actor: Account | None, automatic: bool = False, **changes: Any) -> Alert:
    """
    Say something new of a live alert: the former one is replaced, and everybody is told again.

    ``changes`` are any of ``CHANGEABLE``. Returns the new alert (CAP Update, referring to the former). An alert that was
    updated already raises ``AlreadyIssuedError`` with the live one; one that is over raises ``StatusError``. A drill stays a drill.
    """
    _require(actor, alert, automatic)
    unknown = set(changes) - CHANGING
    if unknown:
        raise TypeError(f"not part of an update: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        former = locked(alert)
        _require_live(former)
        later = _follow(former, actor, AlertMessageType.UPDATE)
        for name, value in changes.items():
            setattr(later, name, clean_contents(value) if name == "contents" else value)
        require_sound(later)
        _end(former, AlertState.UPDATED)
        _publish(later, actor, automatic)
        people = telling.tell(alert=later, actor=actor, stopped=former)
        record_event(kind=events.ALERT_UPDATED, subject=later, actor=actor, quantity=people, data=alert_data(later))
    return later


def cancel_alert(
    *,
    alert: Alert,
    actor: Account | None,
    automatic: bool = False,
    is_mistake: bool = False,
    contents: Mapping[str, Mapping[str, str]] | None = None,
    note: str = "",
) -> Alert:
    """
    End a live alert and tell everybody who was told: the danger is over (解除), or it was a mistake (``is_mistake``, 取消).

    What of the former message has not gone out yet is not sent any more. Returns the CAP Cancel; one that has been cancelled
    already returns its Cancel. Raises ``RefusedError``, ``StatusError``, ``ContentError``.
    """
    _require(actor, alert, automatic)
    with transaction.atomic():
        former = locked(alert)
        known = former.later.filter(msg_type=AlertMessageType.CANCEL).first()
        if known is not None:
            return known
        _require_live(former)
        later = _follow(former, actor, AlertMessageType.CANCEL)
        later.contents = clean_contents(contents or telling.closing_words(former, is_mistake=is_mistake))
        later.note = note[:200]
        later.urgency, later.severity = AlertUrgency.PAST, AlertSeverity.MINOR
        later.evacuation_level = None
        later.expires_at = life_of(expires_at=None, now=clock.now())
        require_sound(later)
        _end(former, AlertState.CANCELLED)
        _publish(later, actor, automatic)
        later.state, later.ended_at = AlertState.CANCELLED, clock.now()
        later.save(update_fields=["state", "ended_at"])
        forget_live_alerts()
        people = telling.tell(alert=later, actor=actor, stopped=former)
        record_event(kind=events.ALERT_CANCELLED, subject=later, actor=actor, quantity=people, data=alert_data(later))
    return later


def expire_alerts() -> int:
    """Let the alerts end whose time is over; returns how many. Nobody is told: the alert said how long it holds."""
    with transaction.atomic():
        due = Alert.objects.select_for_update().filter(state=AlertState.ISSUED, expires_at__lte=clock.now())
        ended = list(due)
        for alert in ended:
            _end(alert, AlertState.EXPIRED)
            record_event(kind=events.ALERT_EXPIRED, subject=alert, data=alert_data(alert))
    return len(ended)


def _require(actor: Account | None, alert: Alert, automatic: bool) -> None:
    if actor is None:
        if not automatic:
            raise TypeError("without a rule that says so, somebody must issue an alert")
        return
    alert_policy.require(actor, "drill" if alert.is_drill else "issue", alert)


def _require_live(alert: Alert) -> None:
    if alert.state == AlertState.ISSUED:
        return
    live = find_live(alert.event_key, status=alert.status)
    if live is not None:
        raise AlreadyIssuedError(
            _("この緊急情報は、ほかの人がすでに更新しています。新しいほうを開いてください。"), live
        )
    raise StatusError(
        _("この緊急情報は「%(state)s」です。画面を開き直して、今の状態を確かめてください。")
        % {"state": alert.get_state_display()}
    )


def _follow(former: Alert, actor: Account | None, msg_type: AlertMessageType) -> Alert:
    """Return an unsaved alert that follows another one of the same event."""
    kept = {
        field: getattr(former, field)
        for field in ("status", "event_key", "source", "source_key", "sender", *sorted(CHANGING))
    }
    return Alert(
        municipality=municipality_in_scope(),
        msg_type=msg_type,
        former=former,
        origin_id=former.origin_id or former.pk,
        references=" ".join(filter(None, [former.references, telling.reference_to(former)])),
        created_at=clock.now(),
        created_by=actor,
        **kept,
    )


def _publish(alert: Alert, actor: Account | None, automatic: bool) -> None:
    """Make an alert live and write its CAP file."""
    now = clock.now()
    alert.contents = _said(alert)
    alert.state, alert.is_automatic = AlertState.ISSUED, automatic
    alert.issued_at, alert.issued_by = now.replace(microsecond=0), actor
    alert.effective = alert.effective or alert.issued_at
    alert.expires_at = life_of(expires_at=alert.expires_at, now=now)
    telling.sign_off(alert)
    alert.save()
    forget_live_alerts()


def _said(alert: Alert) -> dict[str, dict[str, str]]:
    if alert.is_drill:
        return mark_drill(alert.contents)
    if says_drill(alert.contents):
        raise StatusError(_("実際の緊急情報の文に「訓練」の印があります。訓練の文を実際の発表に使うことはできません。"))
    return {language: dict(texts) for language, texts in alert.contents.items()}


def _end(alert: Alert, state: AlertState) -> None:
    alert.state, alert.ended_at = state, clock.now()
    alert.save(update_fields=["state", "ended_at"])
    forget_live_alerts()
