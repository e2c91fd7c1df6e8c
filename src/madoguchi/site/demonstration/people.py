"""People who do not exist, and the plans that do: what every municipality of the demonstration has."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from importlib import resources

from django.conf import settings
from django.contrib.auth.hashers import make_password

from madoguchi.plan.api import Plan, Project, give_section, import_data_file, link_sections, publish_draft
from madoguchi.trust.api import (
    Account,
    Municipality,
    Unit,
    add_unit,
    assign_duty,
    municipality_in_scope,
)
from madoguchi.trust.enums import AccountKind, Role, UnitKind

from .residents import FAMILY, MEN, WOMEN, add_residents

STAFF = (
    ("jimukyoku", "計画事務局（計画の公開、採点）", Role.SECRETARIAT),
    ("kacho", "所属長（実績の入力、自己評価）", Role.SECTION_CHIEF),
    ("tanto", "担当者（実績の入力）", Role.SECTION_STAFF),
    ("kaigi", "調整会議（改善指示）", Role.COUNCIL),
    ("kanri", "管理者（職員、設置のようす）", Role.ADMINISTRATOR),
    ("shinsa", "申請の審査（担当者）", Role.SECTION_STAFF),
    ("shonin", "申請の承認（所属長）", Role.SECTION_CHIEF),
    ("sekkei", "手続の設計（手続をつくる、公開する）", Role.DESIGNER),
    ("shuno", "収納（手数料、還付、突合）", Role.CASHIER),
    ("jumin", "住民記録（本人の照合）", Role.REGISTRAR),
    ("koho", "広報（お知らせの承認、サイネージ）", Role.PUBLISHER),
    ("kiki", "危機管理（緊急情報の発表、要配慮者）", Role.CRISIS_MANAGER),
)
AT_THE_DESK = ("shinsa", "shonin")
"""They work in the section that answers for procedures; the other staff of sections in one that answers for projects."""
DESK = "市民窓口課（見本）"
"""Answers for every procedure of the demonstration."""
SECTION = "情報政策課（見本）"
"""Answers for plans that name no sections, so that somebody can enter their actuals; says itself that it is invented."""
STARTS = date(2020, 4, 1)


def publish_plans(municipality: Municipality) -> list[Plan]:
    """Publish the plans of a municipality, as they were printed."""
    name = f"{municipality.key}.json"
    data = (resources.files("madoguchi.plan") / "data" / "plans" / name).read_bytes()
    draft = import_data_file(name=name, data=data)
    plans = publish_draft(draft=draft, actor=None, system=True)
    for plan in plans:
        link_sections(plan=plan)
        give_section(plan=plan, name=SECTION)
    return plans


def add_people(chance: random.Random) -> int:
    """Add what is missing of the staff and the residents; returns how many members of staff there are."""
    names = _names(chance, len(STAFF))
    unit, desk = _busiest_unit(), _desk()
    for login, _what, role in STAFF:
        name = names.pop()
        if Account.objects.filter(login=login).exists():
            continue
        account = _account(name, login, AccountKind.STAFF)
        local = role in {Role.SECTION_CHIEF, Role.SECTION_STAFF}
        place = (desk if login in AT_THE_DESK else unit) if local else None
        assign_duty(account=account, role=role, from_date=STARTS, unit=place)
    if not Account.objects.filter(login="shimin").exists():
        add_residents(
            chance=chance,
            municipality=municipality_in_scope(),
            taken=set(Account.objects.values_list("name", flat=True)),
            open_account=lambda name, kana: _account((name, kana), "shimin", AccountKind.RESIDENT),
        )
    return len(STAFF)


def _desk() -> Unit:
    """Return the section that answers for procedures, made if it is missing."""
    found = Unit.objects.filter(name=DESK).first()
    return found or add_unit(name=DESK, kind=UnitKind.SECTION, fiscal_year=STARTS.year, phone="0000-00-0000")


def _names(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Return different names with their kana, in an order that follows from the seed."""
    every = [(f"{family[0]} {given[0]}", f"{family[1]} {given[1]}") for family in FAMILY for given in MEN + WOMEN]
    return chance.sample(every, count)


def _busiest_unit() -> Unit | None:
    """Return the unit that answers for most projects: the section whose chief a visitor plays."""
    counts: dict[int, int] = {}
    for project in Project.objects.prefetch_related("responsibilities"):
        for share in project.responsibilities.all():
            counts[share.unit_id] = counts.get(share.unit_id, 0) + 1
    best = max(counts, key=lambda pk: (counts[pk], -pk), default=None)
    return None if best is None else Unit.objects.get(pk=best)


def desk() -> Unit:
    """Return the section that answers for procedures."""
    return Unit.objects.get(name=DESK)


def _account(name: tuple[str, str], login: str, kind: AccountKind) -> Account:
    hashed = _hashed(settings.DEMONSTRATION_PASSWORD)
    return Account.objects.create_account(login=login, hashed=hashed, kind=kind, name=name[0], name_kana=name[1])


@cache
def _hashed(password: str) -> str:
    """Return the hash of the password that is printed for everybody: slow on purpose, so made once for all accounts."""
    return make_password(password)
