"""
Surveys of the demonstration and the samples staff can begin with, from the files in ``data/surveys``.

The survey of 2020 is rebuilt from its published figures: answer sheets are made so that exactly these come out. Of who
answered what beyond them nothing is known, so the rest is spread evenly and said to be an estimate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality, Unit, municipality_in_scope, record_event

from .. import events
from ..enums import AnswerMode, InvitationStatus, SurveyKind, SurveyStatus
from ..models import Survey, SurveyAnswer, SurveyInvitation
from ..rules import codes
from ..rules.blocks import fill
from ..rules.definition import read_definition
from .surveys import answer_survey

BATCH = 500
OPEN_DAYS = 30
MATERIALS = [{"title": "いまの計画と、その進み具合", "url": "/plan/"}]
SAMPLES = {
    "digital-needs": SurveyKind.SURVEY,
    "digital-plan-opinions": SurveyKind.COMMENT,
    "ict-2020": SurveyKind.SURVEY,
}
"""The sample documents by code, and what they are for."""


def sample_surveys(municipality: Municipality) -> Iterator[tuple[SurveyKind, dict[str, Any]]]:
    """Yield (kind, document) of every sample with the names of a municipality."""
    values = {"city": municipality.name}
    english = {"city": municipality.name_en or municipality.name}
    for code, kind in SAMPLES.items():
        yield kind, fill(_file(code), values, english)


@cache
def _file(name: str) -> Any:
    return json.loads((resources.files("madoguchi.procedures") / "data/surveys" / f"{name}.json").read_text("utf-8"))


@transaction.atomic
def load_demonstration_surveys(*, unit: Unit | None = None) -> int:
    """
    Add the surveys of the demonstration that the municipality in scope has not; returns how many were added.

    Every municipality gets an open public comment and a survey open to all; the one whose figures are kept gets its survey
    of 2020, closed and published.
    """
    municipality = municipality_in_scope()
    known = set(Survey.objects.values_list("code", flat=True))
    figures = _file("ict-2020.figures")
    added = 0
    for kind, document in sample_surveys(municipality):
        if document["code"] in known:
            continue
        if document["code"] != figures["survey"]:
            _open_sample(kind, document, unit)
        elif municipality.key == figures["municipality"]:
            rebuild_survey(document, figures=figures, unit=unit)
        else:
            continue
        added += 1
    return added


def _open_sample(kind: SurveyKind, document: dict[str, Any], unit: Unit | None) -> None:
    today = clock.today()
    survey = _created(
        kind, document, unit, opens_on=today, closes_on=today + timedelta(days=OPEN_DAYS), is_open_to_all=True,
        status=SurveyStatus.OPEN,
        materials=MATERIALS if kind == SurveyKind.COMMENT else [],
    )  # fmt: skip
    for number, answers in enumerate(_file("answers").get(survey.code, ())):
        answer_survey(survey=survey, key=f"sample-{survey.pk}-{number}", answers=answers)


def _created(kind: SurveyKind, document: dict[str, Any], unit: Unit | None, **facts: Any) -> Survey:
    definition = read_definition(document)
    survey = Survey.objects.create(
        municipality=municipality_in_scope(),
        code=definition.code,
        kind=kind,
        name=definition.name.ja,
        document=document,
        unit=unit,
        **facts,
    )
    record_event(kind=events.SURVEY_CREATED, subject=survey, actor=None, data={"kind": str(kind)})
    return survey


def rebuild_survey(document: dict[str, Any], *, figures: dict[str, Any], unit: Unit | None = None) -> Survey:
    """Make a closed and published survey whose tables give exactly the ``figures`` (see ``data/surveys``)."""
    survey = _created(
        SurveyKind.SURVEY,
        document,
        unit,
        status=SurveyStatus.PUBLISHED,
        opens_on=date.fromisoformat(figures["opens_on"]),
        closes_on=date.fromisoformat(figures["closes_on"]),
        minimum_age=figures["minimum_age"],
        published_at=clock.now(),
        closed_at=clock.now(),
        summary=figures["summary"],
    )
    sheets = list(_sheets(figures))
    web = sum(1 for mode, _answers in sheets if mode == AnswerMode.WEB)
    SurveyAnswer.objects.bulk_create(
        (
            SurveyAnswer(
                municipality=survey.municipality,
                survey=survey,
                key=f"rebuilt-{survey.pk}-{number}",
                mode=mode,
                answers=answers,
                received_on=date.fromisoformat(figures["closes_on"]),
                sheet=str(number) if mode == AnswerMode.PAPER else "",
            )
            for number, (mode, answers) in enumerate(sheets, start=1)
        ),
        batch_size=BATCH,
    )
    SurveyInvitation.objects.bulk_create(_invitations(survey, figures, web), batch_size=BATCH)
    return survey


def _sheets(figures: dict[str, Any]) -> Iterator[tuple[AnswerMode, dict[str, Any]]]:
    total = sum(group["web"] + group["paper"] for group in figures["groups"])
    number = 0
    for group in figures["groups"]:
        count = group["web"] + group["paper"]
        for place in range(count):
            answers: dict[str, Any] = {"age": group["age"]} if group["age"] else {}
            # Who answers on the web uses the internet: the first of a group do both.
            mode = AnswerMode.WEB if place < group["web"] else AnswerMode.PAPER
            if place < group["internet"]["yes"]:
                answers["internet"] = True
            elif place < group["internet"]["yes"] + group["internet"]["no"]:
                answers["internet"] = False
            for code, chosen in figures["chosen"].items():
                answers[code] = "chosen" if _spread(number, chosen, total) else "other"
            number += 1
            yield mode, answers


def _spread(number: int, chosen: int, total: int) -> bool:
    """Tell whether the sheet is one of ``chosen`` that lie evenly among ``total``."""
    return (number + 1) * chosen // total > number * chosen // total


def _invitations(survey: Survey, figures: dict[str, Any], web: int) -> Iterator[SurveyInvitation]:
    for number in range(1, figures["sent"] + 1):
        status = InvitationStatus.SENT
        if number <= web:
            status = InvitationStatus.ANSWERED
        elif number > figures["sent"] - figures["undeliverable"]:
            status = InvitationStatus.UNDELIVERABLE
        # Codes of a survey that is over open nothing; a digest of the number keeps them apart.
        digest = codes.digest_of(f"{survey.pk}/{survey.code}/{number}")
        yield SurveyInvitation(
            municipality=survey.municipality, survey=survey, number=number, code_digest=digest, status=status
        )
