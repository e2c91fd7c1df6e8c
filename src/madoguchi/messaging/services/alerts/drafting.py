"""Drafts of alerts: by staff, by rules, or of what another authority sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...enums import (
    AlertCategory,
    AlertCertainty,
    AlertSeverity,
    AlertSource,
    AlertState,
    AlertStatus,
    AlertUrgency,
)
from ...errors import ContentError, StatusError
from ...models import Alert
from ...permissions import alert_policy
from ...rules.alerts import check_alert, clean_contents
from .telling import know_staff

CHANGEABLE = frozenset(
    {
        "event_code",
        "event_name",
        "category",
        "urgency",
        "severity",
        "certainty",
        "evacuation_level",
        "areas",
        "contents",
        "onset",
        "effective",
        "expires_at",
    }
)
"""What of a draft may be changed; whether it is a drill never."""


@transaction.atomic
def draft_alert(
    *,
    actor: Account | None,
    event_code: str,
    event_name: str,
    contents: Mapping[str, Mapping[str, str]],
    event_key: str = "",
    areas: Sequence[Mapping[str, Any]] = (),
    status: AlertStatus = AlertStatus.ACTUAL,
    category: AlertCategory | str = AlertCategory.SAFETY,
    urgency: AlertUrgency | str = AlertUrgency.IMMEDIATE,
    severity: AlertSeverity | str = AlertSeverity.SEVERE,
    certainty: AlertCertainty | str = AlertCertainty.LIKELY,
    evacuation_level: int | None = None,
    onset: datetime | None = None,
    expires_at: datetime | None = None,
    source: AlertSource | str = AlertSource.STAFF,
    source_key: str = "",
) -> Alert:
    """
    Write a draft of an alert; nobody is told anything yet.

    ``actor`` None is the house itself (a rule, a telegram). ``event_key`` names the event, so that nothing is said twice of it;
    without one the draft is an event of its own. A draft of the same event and ``source_key`` is returned as it is.
    Raises ``RefusedError``, ``ContentError`` for texts, areas or times that cannot stand.
    """
    if actor is not None:
        alert_policy.require(actor, "draft")
    if event_key and source_key:
        known = Alert.objects.filter(event_key=event_key, source_key=source_key, status=status).order_by("id").last()
        if known is not None:
            return known
    alert = Alert(
        municipality=municipality_in_scope(),
        status=status,
        event_key=event_key or f"{source}:{ids.new_id()}",
        event_code=event_code,
        event_name=event_name,
        category=category,
        urgency=urgency,
        severity=severity,
        certainty=certainty,
        evacuation_level=evacuation_level,
        areas=[dict(area) for area in areas],
        contents=clean_contents(contents),
        onset=onset,
        expires_at=expires_at,
        source=source,
        source_key=source_key[:120],
        created_at=clock.now(),
        created_by=actor,
    )
    require_sound(alert)
    alert.save()
    if alert.is_drill:
        # Known before the confirmation counts whom the drill will reach.
        know_staff()
    record_event(kind=events.ALERT_DRAFTED, subject=alert, actor=actor, data=alert_data(alert))
    return alert


@transaction.atomic
def change_draft(*, alert: Alert, actor: Account, **changes: Any) -> Alert:
    """
    Change a draft: any of ``CHANGEABLE``. Raises ``StatusError`` for one that is a draft no more, ``ContentError``.

    Whether it is a drill cannot be changed: make another draft.
    """
    alert_policy.require(actor, "draft", alert)
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise TypeError(f"not part of a draft: {', '.join(sorted(unknown))}")
    current = locked(alert)
    require_draft(current)
    for name, value in changes.items():
        setattr(current, name, clean_contents(value) if name == "contents" else value)
    require_sound(current)
    current.save()
    record_event(kind=events.ALERT_CHANGED, subject=current, actor=actor, data=alert_data(current))
    return current


@transaction.atomic
def discard_draft(*, alert: Alert, actor: Account | None, reason: str = "") -> Alert:
    """Put a draft away that will not be issued; ``StatusError`` for one that is a draft no more."""
    if actor is not None:
        alert_policy.require(actor, "draft", alert)
    current = locked(alert)
    require_draft(current)
    current.state, current.ended_at, current.note = AlertState.DISCARDED, clock.now(), reason[:200]
    current.save()
    record_event(kind=events.ALERT_DISCARDED, subject=current, actor=actor, data=alert_data(current))
    return current


def locked(alert: Alert) -> Alert:
    """Return the alert as it is now, held until the end of the transaction."""
    return Alert.objects.select_for_update().get(pk=alert.pk)


def require_draft(alert: Alert) -> None:
    """Raise ``StatusError`` unless the alert is a draft."""
    if alert.state != AlertState.DRAFT:
        raise StatusError(
            _("この緊急情報は「%(state)s」です。画面を開き直して、今の状態を確かめてください。")
            % {"state": alert.get_state_display()}
        )


def require_sound(alert: Alert) -> None:
    """Raise ``ContentError`` where something of the alert cannot stand."""
    problems = check_alert(
        contents=alert.contents,
        areas=alert.areas,
        evacuation_level=alert.evacuation_level,
        onset=alert.onset,
        expires_at=alert.expires_at,
        now=clock.now(),
    )
    if problems:
        found = [(problem.field, _(problem.message) % problem.params) for problem in problems]
        raise ContentError(_("緊急情報に直すところがあります。"), found)


def alert_data(alert: Alert) -> dict[str, Any]:
    """Return what an event tells of an alert: codes alone."""
    return {
        "status": alert.status,
        "event": alert.event_code,
        "level": alert.evacuation_level,
        "type": alert.msg_type,
        "areas": len(alert.areas),
        "source": alert.source,
    }
