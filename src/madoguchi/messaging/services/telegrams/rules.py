"""Changing the rules for telegrams and the areas a municipality lies in."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...errors import ContentError, StatusError
from ...models import AlertPlace, AlertRule
from ...permissions import alert_policy
from ...rules.alerts import LIMITS, PARTS
from ...rules.telegram_defaults import SHIPPED_RULES
from ...rules.telegram_texts.compose import unknown_placeholders

CHANGEABLE = frozenset(
    {
        "name", "action", "reason", "hazard", "kind", "area", "level", "alert_level", "intensity", "evacuation_level",
        "contents",
    }
)  # fmt: skip
"""What of a rule may be set."""


@transaction.atomic
def copy_shipped_rules(*, actor: Account) -> int:
    """Make the shipped rules the municipality's own, to be changed; returns how many. Nothing where it has rules already."""
    alert_policy.require(actor, "edit_rules")
    if AlertRule.objects.exists():
        return 0
    now, city = clock.now(), municipality_in_scope()
    rows = [
        AlertRule(
            municipality=city,
            name=_(rule.name),
            action=rule.action.value,
            reason=_(rule.reason),
            hazard=rule.hazard,
            kind=rule.kind,
            area=rule.area,
            level=rule.level.value,
            alert_level=rule.alert_level,
            intensity=rule.intensity,
            evacuation_level=rule.evacuation_level,
            created_at=now,
            changed_at=now,
        )
        for rule in SHIPPED_RULES
    ]
    AlertRule.objects.bulk_create(rows)
    record_event(
        kind=events.ALERT_RULE_CHANGED, subject=city, actor=actor, quantity=len(rows), data={"change": "copied"}
    )
    return len(rows)


@transaction.atomic
def change_rule(*, actor: Account, rule: AlertRule | None = None, **values: Any) -> AlertRule:
    """
    Add a rule, or change one: any of ``CHANGEABLE``. A municipality's first rule of its own brings the shipped ones along.

    Raises ``RefusedError``, ``ContentError`` for texts that cannot stand.
    """
    alert_policy.require(actor, "edit_rules")
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise TypeError(f"not part of a rule: {', '.join(sorted(unknown))}")
    _require_sound(values)
    if rule is None:
        copy_shipped_rules(actor=actor)
        rule = AlertRule(municipality=municipality_in_scope(), created_at=clock.now())
    for name, value in values.items():
        setattr(rule, name, value)
    rule.changed_at = clock.now()
    rule.save()
    data = {"change": "set", "action": rule.action, "hazard": rule.hazard}
    record_event(kind=events.ALERT_RULE_CHANGED, subject=rule, actor=actor, data=data)
    return rule


@transaction.atomic
def delete_rule(*, actor: Account, rule: AlertRule) -> None:
    """Take a rule away; the last one cannot be, for then the shipped rules would come back unasked (``StatusError``)."""
    alert_policy.require(actor, "edit_rules")
    if AlertRule.objects.count() == 1:
        raise StatusError(_("最後の決まりは削除できません。「何もしない」に変えてください。"))
    record_event(kind=events.ALERT_RULE_CHANGED, subject=rule, actor=actor, data={"change": "deleted"})
    rule.delete()


@transaction.atomic
def register_place(*, actor: Account, layer: str, code: str, name: str) -> AlertPlace:
    """Say that the municipality lies in an area of the agency's (津波予報区, 震度の細分区域 …)."""
    alert_policy.require(actor, "edit_rules")
    place, _new = AlertPlace.objects.update_or_create(
        municipality=municipality_in_scope(), layer=layer, code=code, defaults={"name": name, "is_learned": False}
    )
    data = {"change": "registered", "layer": layer, "code": code}
    record_event(kind=events.ALERT_PLACE_CHANGED, subject=place, actor=actor, data=data)
    return place


@transaction.atomic
def forget_place(*, actor: Account, place: AlertPlace) -> None:
    """Say that the municipality does not lie in an area."""
    alert_policy.require(actor, "edit_rules")
    data = {"change": "forgotten", "layer": place.layer, "code": place.code}
    record_event(kind=events.ALERT_PLACE_CHANGED, subject=place, actor=actor, data=data)
    place.delete()


def _require_sound(values: dict[str, Any]) -> None:
    problems: list[tuple[str, str]] = []
    for language, texts in (values.get("contents") or {}).items():
        for part, text in texts.items():
            field = f"{part}_{language}"
            if part not in PARTS:
                raise TypeError(f"not a part of an alert: {part}")
            if unknown := unknown_placeholders(text):
                problems.append((field, _("差し込めない項目です: %(names)s") % {"names": "、".join(unknown)}))
            if len(text) > LIMITS[part]:
                problems.append((field, _("%(limit)s文字までにしてください。") % {"limit": LIMITS[part]}))
    if problems:
        raise ContentError(_("決まりの文に直すところがあります。"), problems)
