"""An audience in numbers: how many people, by which ways, who falls out and why; and a few of them, masked."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope

from ...enums import ChannelKey, EndpointStatus
from ...errors import AudienceError
from ...models import Endpoint, Recipient
from ...rules import audience as rules
from .choosing import condition_of, select_recipients

SMALL_GROUP = 5
"""Fewer people than this, chosen by what the registry knows, would show who they are (小集団の保護)."""
FEW = 1000
_RINGING = tuple(key.value for key in ChannelKey if key not in (ChannelKey.INBOX, ChannelKey.POST))
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
    known = Recipient.objects.filter(ended_at__isnull=True).order_by()
    known = known.filter(condition_of(rule, ignores_consent=True, today=today))
    chosen = select_recipients(rule, is_emergency=is_emergency, today=today).order_by()
    # A rule is costly to ask, ids are not: of few people the rule is asked once.
    few = list(known.values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        known = Recipient.objects.filter(pk__in=few).order_by()
        chosen = Recipient.objects.filter(
            pk__in=list(chosen.filter(pk__in=few).values_list("pk", flat=True))
        ).order_by()
    by_language, total = _by_language(chosen)
    by_endpoint, only_by_address = _by_endpoint(chosen)
    by_channel = {ChannelKey.INBOX.value: total["inbox"], **by_endpoint, ChannelKey.POST.value: total["home"]}
    people = total["people"]
    excluded = {} if is_emergency else _excluded(known, people)
    return AudienceCount(
        people=people,
        by_channel={channel: count for channel, count in by_channel.items() if count},
        by_language=by_language,
        unreachable=people - total["inbox"] - only_by_address,
        excluded={why: count for why, count in excluded.items() if count},
        is_small=not is_emergency and 0 < people < SMALL_GROUP and rules.uses_registry(rule),
    )


def _by_language(chosen: QuerySet[Recipient]) -> tuple[dict[str, int], dict[str, int]]:
    rows = chosen.values("language").annotate(people=Count("pk"), inbox=Count("account"), home=Count("resident"))
    found = sorted(rows, key=lambda row: (-row["people"], row["language"]))
    total = {name: sum(row[name] for row in found) for name in ("people", "inbox", "home")}
    return {row["language"]: row["people"] for row in found}, total


def _excluded(known: QuerySet[Recipient], people: int) -> dict[str, int]:
    counts = known.aggregate(total=Count("pk"), paused=Count("pk", filter=Q(paused_until__gt=clock.now())))
    # Consent only ever takes people away, so the difference is who has not agreed.
    return {"paused": counts["paused"], "no_consent": counts["total"] - counts["paused"] - people}


def _by_endpoint(chosen: QuerySet[Recipient]) -> tuple[dict[str, int], int]:
    """
    Return how many people have a confirmed address on each way, and how many have one but no inbox.

    People are counted by the set of ways they have, in one statement: there are few sets, and they tell both numbers.
    """
    try:
        people, params = chosen.values_list("id", "account_id").query.sql_with_params()
    except EmptyResultSet:
        return {}, 0
    ways = " + ".join(f"{1 << at} * max(CASE WHEN e.channel = %s THEN 1 ELSE 0 END)" for at in range(len(_RINGING)))
    sql = (
        f"SELECT s.ways, s.inbox, count(*) FROM (SELECT {ways} AS ways, max(CASE WHEN c.account_id IS NULL THEN 0 ELSE 1 END) AS inbox "
        f"FROM {Endpoint._meta.db_table} e JOIN ({people}) c ON c.id = e.recipient_id "
        "WHERE e.municipality_id = %s AND e.status = %s AND e.ended_at IS NULL GROUP BY e.recipient_id) s "
        "WHERE s.ways > 0 GROUP BY s.ways, s.inbox"
    )
    counted: Counter[str] = Counter()
    outside = 0
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_RINGING, *params, municipality_in_scope().pk, EndpointStatus.ACTIVE])
        for having, inbox, count in cursor.fetchall():
            counted.update({key: count for at, key in enumerate(_RINGING) if having & 1 << at})
            outside += 0 if inbox else count
    return dict(counted), outside


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
