"""What the counter of the demonstration does: procedures, applications on their way, indicators that follow them."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable, Iterator
from typing import Any

from madoguchi.plan.api import Binding, Indicator, PlanError, bind_indicator
from madoguchi.plan.enums import BindingKind
from madoguchi.procedures.api import (
    Application,
    ProceduresError,
    load_demonstration_procedures,
    load_demonstration_surveys,
    open_case_for,
    published_version,
    start_draft,
    submit,
)
from madoguchi.trust.api import Account, Municipality, Resident, Unit
from madoguchi.trust.enums import AssuranceLevel

logger = logging.getLogger(__name__)

BOUND = (
    ("isehara", "オンライン手続き数", "行政手続きのオンライン化の拡大", "procedures.published"),
    ("isehara", "オンライン申請数", "行政手続きのオンライン化の拡大", "procedures.applications_online"),
    ("odawara", "利用件数", "電子申請システムの利用拡充", "procedures.applications_online"),
    ("sagamihara", "電子申請手続の増加数", "電子申請の利用促進", "procedures.newly_published"),
    ("sagamihara", "当該年度の検索サービスへのアクセス数", "行政手続の検索サービスの導入", "procedures.finder_uses"),
    ("sagamihara", "市民等が行政手続等にかかる時間の削減", "", "procedures.minutes_saved"),
)
"""City, the indicator's name in its plan, its project (none for one of a measure), and the meter that measures it."""

SENT = ("dog-death", "water-start", "water-stop", "disclosure-request", "course-entry", "bulky-waste")
EACH = 2


def load_office(municipality: Municipality, desk: Unit, chance: random.Random) -> Iterator[str]:
    """Add the procedures, some applications and the bindings that are missing; yields progress lines."""
    added = load_demonstration_procedures(unit=desk)
    if added:
        yield f"{municipality.name}: {added}の手続"
    load_demonstration_surveys(unit=desk)
    if not Application.objects.exists():
        send_samples(chance)
    bind_indicators(municipality, BOUND, "オンライン申請の件数を自動で測るため（見本）")


def send_samples(chance: random.Random) -> None:
    """Send a few applications of people who do not exist, so that the work list is not empty."""
    heads = Resident.objects.filter(account__isnull=True, relationship="世帯主")
    residents = list(heads.order_by("pk")[:20])
    for code in SENT:
        version = published_version(code)
        examples = [] if version is None else [test for test in version.definition.tests if test.expect.get("valid")]
        for _number in range(EACH if examples and residents else 0):
            _send(version, dict(chance.choice(examples).answers), chance.choice(residents))


def _send(version: Any, answers: dict[str, Any], resident: Resident) -> None:
    if "name" in answers:
        answers["name"] = _name_of(resident)
    try:
        draft = start_draft(version=version, account=None, browser_secret=resident.reference)
        draft.answers = answers
        draft.save(update_fields=["answers"])
        application = submit(draft=draft, actor=None, assurance=AssuranceLevel.NONE)
        open_case_for(application_id=application.pk)
    except ProceduresError as error:
        logger.warning("sample of %s was not sent: %s", version.procedure.code, error)


def _name_of(resident: Resident) -> dict[str, str]:
    family, _space, given = resident.name.partition(" ")
    family_kana, _space, given_kana = resident.name_kana.partition(" ")
    return {"family": family, "given": given, "family_kana": family_kana, "given_kana": given_kana}


def bind_indicators(municipality: Municipality, bound: Iterable[tuple[str, str, str, str]], reason: str) -> None:
    """Let meters measure the indicators they are for (as in ``BOUND``), where nobody has decided otherwise."""
    office = Account.objects.filter(login="jimukyoku").first()
    for key, label, project, expression in bound:
        if key != municipality.key or office is None:
            continue
        rows = Indicator.objects.filter(label=label, binding_kind=BindingKind.MANUAL, version=1)
        rows = rows.filter(project__title=project) if project else rows.filter(project=None)
        for indicator in rows:
            _bind(indicator, expression, office, reason)


def _bind(indicator: Indicator, expression: str, office: Account, reason: str) -> None:
    binding = Binding(kind=BindingKind.METER, expression=expression, confirmed=True)
    try:
        bind_indicator(
            indicator=indicator,
            binding=binding,
            reason=reason,
            version=indicator.version,
            actor=office,
        )
    except PlanError as error:
        logger.warning("indicator %s was not bound: %s", indicator.pk, error)
