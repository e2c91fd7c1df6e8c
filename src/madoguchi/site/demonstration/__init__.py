"""The demonstration: five municipalities with their plans and procedures, and people who do not exist."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator

from django.conf import settings
from django.db import transaction

from madoguchi.trust.api import Municipality, acting_for, add_municipality

from .office import bind_indicators, load_office
from .outreach import BOUND as OUTREACH_BOUND
from .outreach import load_outreach
from .people import STAFF, add_people, desk, publish_plans
from .residents import RESIDENTS

MUNICIPALITIES = (
    ("odawara", "142069", "小田原市", "オダワラシ", "Odawara City", "神奈川県", "blue"),
    ("oyama", "092088", "小山市", "オヤマシ", "Oyama City", "栃木県", "green"),
    ("isehara", "142140", "伊勢原市", "イセハラシ", "Isehara City", "神奈川県", "orange"),
    ("sagamihara", "141500", "相模原市", "サガミハラシ", "Sagamihara City", "神奈川県", "cyan"),
    ("hiratsuka", "142034", "平塚市", "ヒラツカシ", "Hiratsuka City", "神奈川県", "purple"),
)


def load_demonstration(*, seed: int, keys: Collection[str] = ()) -> Iterator[str]:
    """
    Create what is missing, municipality by municipality; each part is there wholly or not at all. Yields progress lines.

    ``keys`` names the municipalities wanted, none means all. An installation of an earlier version gets what came since;
    what people changed in it is left alone.
    """
    for order, facts in enumerate(MUNICIPALITIES):
        if keys and facts[0] not in keys:
            continue
        municipality = Municipality.objects.filter(key=facts[0]).first()
        if municipality is None:
            with transaction.atomic():
                municipality = _municipality(facts, order)
                with acting_for(municipality):
                    plans = publish_plans(municipality)
                    people = add_people(_chance(seed, municipality))
            yield f"{municipality.name}: {'、'.join(plan.title for plan in plans)}（{people}人の職員）"
        elif not municipality.is_demonstration:
            continue
        with acting_for(municipality), transaction.atomic():
            add_people(_chance(seed, municipality))
            lines = list(load_office(municipality, desk(), _chance(seed, municipality)))
            lines += load_outreach(municipality, desk(), _chance(seed, municipality))
            bind_indicators(municipality, OUTREACH_BOUND, "登録している人の数を自動で測るため（見本）")
        yield from lines


def _chance(seed: int, municipality: Municipality) -> random.Random:
    return random.Random(f"{seed}/{municipality.key}")  # noqa: S311 - sample names, not secrets


def sign_in_lines() -> Iterator[str]:
    """Yield the lines that tell a newcomer how to sign in."""
    yield "\n  見本のサインイン（どの市でも同じ。http://sagamihara.localhost:… のように市を選べます）:"
    for login, what, _role in STAFF:
        yield f"    {login:<10} {settings.DEMONSTRATION_PASSWORD}   {what}"
    yield f"    {'shimin':<10} {settings.DEMONSTRATION_PASSWORD}   住民"


def _municipality(facts: tuple[str, ...], order: int) -> Municipality:
    key, code, name, kana, english, prefecture, colour = facts
    return add_municipality(
        key=key,
        code=code,
        name=name,
        name_kana=kana,
        name_en=english,
        prefecture=prefecture,
        colour=colour,
        order=order + 1,
        is_demonstration=True,
    )


__all__ = ["MUNICIPALITIES", "RESIDENTS", "STAFF", "load_demonstration", "sign_in_lines"]
