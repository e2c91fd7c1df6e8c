"""An audience in numbers: how many people, by which ways, who falls out and why; and a few of them, masked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from madoguchi.kit import clock

from ...enums import ChannelKey, EndpointStatus
from ...errors import AudienceError
from ...models import Endpoint, Recipient
from ...rules import audience as rules
from .choosing import condition_of, select_recipients

SMALL_GROUP = 5
"""Fewer people than this, chosen by what the registry knows, would show who they are (小集団の保護)."""
_WINDOW = 200


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """
    How many people a rule means.

    ``by_channel`` counts each person on every way open to them (the inbox with an account, post with a registered home);
    ``unreachable`` are those without the inbox and without any confirmed address. ``excluded`` are people the rule would mean but
    who are left out: ``paused``, ``no_consent``. ``is_small``: too few to be chosen by what the registry knows.
    """

    people: int
    by_channel: Mapping[str, int] = field(default_factory=dict)
    by_language: Mapping[str, int] = field(default_factory=dict)
    unreachable: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Sampled:
    """One person of a sample: enough to see that the rule is right, too little to know who it is."""

    name: str
    language: str
    ways: tuple[str, ...]


def count_audience(rule: rules.Rule, *, is_emergency: bool = False, today: date | None = None) -> AudienceCount:
    """Count the people of a rule; raises ``AudienceError`` for a source that is not there."""
    chosen = select_recipients(rule, is_emergency=is_emergency, today=today)
    by_language, people, accounts, homes = _by_language(chosen)
    by_channel = {ChannelKey.INBOX.value: accounts, **_by_endpoint(chosen), ChannelKey.POST.value: homes}
    return AudienceCount(
        people=people,
        by_channel={channel: count for channel, count in by_channel.items() if count},
        by_language=by_language,
        unreachable=people - accounts - _only_by_address(chosen) if people else 0,
        excluded={} if is_emergency else _excluded(rule, people, today),
        is_small=not is_emergency and 0 < people < SMALL_GROUP and rules.uses_registry(rule),
    )


def _by_language(chosen: QuerySet[Recipient]) -> tuple[dict[str, int], int, int, int]:
    rows = (
        chosen.order_by()
        .values("language")
        .annotate(people=Count("pk"), inbox=Count("account"), home=Count("resident"))
    )
    found = sorted(rows, key=lambda row: (-row["people"], row["language"]))
    totals = (sum(row[name] for row in found) for name in ("people", "inbox", "home"))
    return {row["language"]: row["people"] for row in found}, *totals


def _reached(chosen: QuerySet[Recipient]) -> QuerySet[Endpoint]:
    active = Endpoint.objects.filter(status=EndpointStatus.ACTIVE, ended_at__isnull=True).order_by()
    return active.filter(recipient__in=chosen.order_by().values("pk"))


def _by_endpoint(chosen: QuerySet[Recipient]) -> dict[str, int]:
    rows = _reached(chosen).values("channel").annotate(people=Count("recipient", distinct=True))
    return {row["channel"]: row["people"] for row in rows if row["channel"] != ChannelKey.POST}


def _only_by_address(chosen: QuerySet[Recipient]) -> int:
    return _reached(chosen.filter(account__isnull=True)).values("recipient").distinct().count()


def _excluded(rule: rules.Rule, people: int, today: date | None) -> dict[str, int]:
    alive = Recipient.objects.filter(ended_at__isnull=True)
    known = alive.filter(condition_of(rule, ignores_consent=True, today=today))
    paused = known.filter(paused_until__gt=clock.now()).count()
    # Consent only ever takes people away, so the difference is who has not agreed.
    found = {"paused": paused, "no_consent": known.count() - paused - people}
    return {why: count for why, count in found.items() if count}


def check_audience(rule: rules.Rule, *, is_emergency: bool = False, today: date | None = None) -> AudienceCount:
    """Count the people of a rule and raise ``AudienceError`` where it means nobody, or too few to be chosen so."""
    found = count_audience(rule, is_emergency=is_emergency, today=today)
    if found.people == 0:
        raise AudienceError(_("この条件に当てはまる方がいません。対象を見直してください。"))
    if found.is_small:
        raise AudienceError(small_group_sentence())
    return found


def small_group_sentence() -> str:
    """Return why a small group is protected and what to do."""
    words = _(
        "当てはまる方が%(count)s人より少ないため、住民記録などの条件で選んで送ることはできません。"
        "条件を広げるか、ご本人の手続の連絡としてお送りください。"
    )
    return words % {"count": SMALL_GROUP}


def sample_audience(rule: rules.Rule, count: int = 5, *, today: date | None = None) -> list[Sampled]:
    """
    Return some people of a rule by chance, masked; raises ``AudienceError`` for a group too small to be looked at.

    Names keep their first character; no address, town or day of birth is given.
    """
    chosen = select_recipients(rule, today=today).order_by("pk")
    total = chosen.count()
    if 0 < total < SMALL_GROUP and rules.uses_registry(rule):
        raise AudienceError(small_group_sentence())
    start = secrets.randbelow(max(total - _WINDOW, 0) + 1)
    window = list(chosen.prefetch_related("endpoints")[start : start + _WINDOW])
    picked = secrets.SystemRandom().sample(window, min(count, len(window)))
    return [Sampled(mask_name(one.name), one.language, _ways(one)) for one in picked]


def mask_name(name: str) -> str:
    """Return the first character of a name, and that more follows."""
    return f"{name[:1]}●●" if name else "●●●"


def _ways(recipient: Recipient) -> tuple[str, ...]:
    ways = [ChannelKey.INBOX.value] if recipient.account_id is not None else []
    active = {one.channel for one in recipient.endpoints.all() if one.status == EndpointStatus.ACTIVE}
    return tuple(ways + sorted(active))
