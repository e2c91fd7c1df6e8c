"""Second typing of paper sheets (二重入力): somebody else enters a chosen share again, and what differs is settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import AnswerMode, SurveyStatus
from ...errors import SurveyError
from ...models import SheetCheck, Survey, SurveyAnswer
from ...permissions import survey_policy
from ...rules.forms import clean
from ...rules.survey import differences, is_checked


def sheets_to_check(survey: Survey, *, actor: Account | None = None) -> list[SurveyAnswer]:
    """Return the chosen sheets nobody has typed a second time; with ``actor`` only those somebody else typed first."""
    rows = _paper(survey).filter(check_entry__isnull=True)
    if actor is not None:
        rows = rows.exclude(entered_by=actor)
    return [row for row in rows.order_by("pk") if is_checked(survey.code, row.sheet, survey.check_share)]


def _paper(survey: Survey) -> QuerySet[SurveyAnswer]:
    return survey.answers.filter(mode=AnswerMode.PAPER, is_void=False).exclude(sheet="")


@transaction.atomic
def check_sheet(*, answer: SurveyAnswer, answers: Mapping[str, Any], actor: Account) -> SheetCheck:
    """
    Keep the second typing of a sheet and what differs; without differences it is settled at once.

    Raises ``RefusedError``, and ``SurveyError`` for one's own sheet, one checked already, or once results are published.
    """
    survey_policy.require(actor, "enter", answer.survey)
    _require_entry(answer.survey)
    if answer.entered_by_id == actor.pk:
        raise SurveyError(_("1回目と同じ人は確かめられません。ほかの人に入力を頼んでください。"))
    if SheetCheck.objects.filter(answer=answer).exists():
        raise SurveyError(_("用紙%(sheet)sは、すでに確かめられています。") % {"sheet": answer.sheet})
    definition = answer.survey.definition
    kept = clean(definition, dict(answers))
    differing = differences(definition.form.fields(), answer.answers, kept)
    check = SheetCheck.objects.create(
        municipality=answer.municipality,
        answer=answer,
        answers=kept,
        differing=differing,
        entered_by=actor,
        entered_at=clock.now(),
        settled_at=None if differing else clock.now(),
    )
    _record(check, actor, len(differing))
    return check


@transaction.atomic
def settle_sheet(*, check: SheetCheck, second: set[str], actor: Account) -> SurveyAnswer:
    """Take the second typing for the fields in ``second`` and the first for the others; raises ``SurveyError`` once settled."""
    answer = SurveyAnswer.objects.select_for_update().get(pk=check.answer_id)
    survey_policy.require(actor, "enter", answer.survey)
    _require_entry(answer.survey)
    if SheetCheck.objects.get(pk=check.pk).settled_at is not None:
        raise SurveyError(_("この用紙の違いは、すでに確かめられています。"))
    taken = {code: check.answers.get(code) for code in check.differing if code in second}
    merged = {code: value for code, value in {**answer.answers, **taken}.items() if value is not None}
    answer.answers = clean(answer.survey.definition, merged)
    answer.save(update_fields=["answers"])
    check.settled_at = clock.now()
    check.save(update_fields=["settled_at"])
    _record(check, actor, len(check.differing))
    return answer


def _require_entry(survey: Survey) -> None:
    if survey.status not in {SurveyStatus.OPEN, SurveyStatus.CLOSED}:
        raise SurveyError(_("用紙を入力できるのは、受付中か、締切のあと結果を公開するまでです。"))


def _record(check: SheetCheck, actor: Account, differing: int) -> None:
    data = {"answer": check.answer_id, "differing": differing, "settled": check.settled_at is not None}
    record_event(kind=events.SURVEY_SHEET_CHECKED, subject=check.answer.survey, actor=actor, data=data)
