"""The demonstration: five municipalities with their published plans, and people who do not exist."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources

from django.conf import settings
from django.db import transaction

from madoguchi.plan.api import Plan, Project, give_section, import_data_file, link_sections, publish_draft
from madoguchi.trust.api import (
    Account,
    Municipality,
    Unit,
    acting_for,
    add_municipality,
    add_resident,
    assign_duty,
)
from madoguchi.trust.enums import AccountKind, Role

MUNICIPALITIES = (
    ("odawara", "142069", "小田原市", "オダワラシ", "Odawara City", "神奈川県", "blue"),
    ("oyama", "092088", "小山市", "オヤマシ", "Oyama City", "栃木県", "green"),
    ("isehara", "142140", "伊勢原市", "イセハラシ", "Isehara City", "神奈川県", "orange"),
    ("sagamihara", "141500", "相模原市", "サガミハラシ", "Sagamihara City", "神奈川県", "cyan"),
    ("hiratsuka", "142034", "平塚市", "ヒラツカシ", "Hiratsuka City", "神奈川県", "purple"),
)
FAMILY = (("青葉", "アオバ"), ("泉川", "イズミカワ"), ("海老沢", "エビサワ"), ("緑山", "ミドリヤマ"), ("早瀬", "ハヤセ"),
          ("星川", "ホシカワ"), ("若葉", "ワカバ"), ("桜木", "サクラギ"), ("月岡", "ツキオカ"), ("鳥越", "トリゴエ"))  # fmt: skip
GIVEN = (("あおい", "アオイ"), ("はるか", "ハルカ"), ("みのり", "ミノリ"), ("健一", "ケンイチ"), ("直樹", "ナオキ"),
         ("由美", "ユミ"), ("隆", "タカシ"), ("さくら", "サクラ"), ("美咲", "ミサキ"), ("翔太", "ショウタ"))  # fmt: skip
STAFF = (
    ("jimukyoku", "計画事務局（計画の公開、採点）", Role.SECRETARIAT),
    ("kacho", "所属長（実績の入力、自己評価）", Role.SECTION_CHIEF),
    ("tanto", "担当者（実績の入力）", Role.SECTION_STAFF),
    ("kaigi", "調整会議（改善指示）", Role.COUNCIL),
    ("kanri", "管理者（職員、設置のようす）", Role.ADMINISTRATOR),
)
TOWNS = ("みどり町", "あおぞら町", "ほしの町", "さくら町", "みなと町")
RESIDENTS = 40
SECTION = "情報政策課（見本）"
"""Answers for plans that name no sections, so that somebody can enter their actuals; says itself that it is invented."""
STARTS = date(2020, 4, 1)


def load_demonstration(*, seed: int) -> Iterator[str]:
    """Create what is missing, municipality by municipality; each is there wholly or not at all. Yields progress lines."""
    for order, facts in enumerate(MUNICIPALITIES):
        if Municipality.objects.filter(key=facts[0]).exists():
            continue
        with transaction.atomic():
            municipality = _municipality(facts, order)
            with acting_for(municipality):
                plans = _plans(municipality)
                people = _people(random.Random(f"{seed}/{municipality.key}"))  # noqa: S311 - sample names, not secrets
        yield f"{municipality.name}: {'、'.join(plan.title for plan in plans)}（{people}人の職員）"


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


def _plans(municipality: Municipality) -> list[Plan]:
    name = f"{municipality.key}.json"
    data = (resources.files("madoguchi.plan") / "data" / "plans" / name).read_bytes()
    draft = import_data_file(name=name, data=data)
    plans = publish_draft(draft=draft, actor=None, system=True)
    for plan in plans:
        link_sections(plan=plan)
        give_section(plan=plan, name=SECTION)
    return plans


def _people(chance: random.Random) -> int:
    names = _names(chance, len(STAFF) + RESIDENTS)
    unit = _busiest_unit()
    for login, _what, role in STAFF:
        account = _account(names.pop(), login, AccountKind.STAFF)
        local = role in {Role.SECTION_CHIEF, Role.SECTION_STAFF}
        assign_duty(account=account, role=role, from_date=STARTS, unit=unit if local else None)
    citizen = _account(names[-1], "shimin", AccountKind.RESIDENT)
    for number, (name, kana) in enumerate(reversed(names)):
        add_resident(
            name=name,
            name_kana=kana,
            birth_date=date(1935, 4, 2) + timedelta(days=chance.randrange(89 * 365)),
            address=f"{chance.choice(TOWNS)}{chance.randrange(1, 9)}丁目{chance.randrange(1, 30)}番{chance.randrange(1, 20)}号",
            account=citizen if number == 0 else None,
        )
    return len(STAFF)


def _names(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Return different names with their kana, in an order that follows from the seed."""
    every = [(f"{family[0]} {given[0]}", f"{family[1]} {given[1]}") for family in FAMILY for given in GIVEN]
    return chance.sample(every, count)


def _busiest_unit() -> Unit | None:
    """Return the unit that answers for most projects: the section whose chief a visitor plays."""
    counts: dict[int, int] = {}
    for project in Project.objects.prefetch_related("responsibilities"):
        for share in project.responsibilities.all():
            counts[share.unit_id] = counts.get(share.unit_id, 0) + 1
    best = max(counts, key=lambda pk: (counts[pk], -pk), default=None)
    return None if best is None else Unit.objects.get(pk=best)


def _account(name: tuple[str, str], login: str, kind: AccountKind) -> Account:
    return Account.objects.create_account(
        login=login, password=settings.DEMONSTRATION_PASSWORD, kind=kind, name=name[0], name_kana=name[1]
    )
