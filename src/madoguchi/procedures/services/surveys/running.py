"""A survey from the draft to the published result."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit, municipality_in_scope, record_event

from ... import events
from ...enums import SurveyKind, SurveyStatus
from ...errors import StaleSurveyError, SurveyError
from ...models import CommentReply, Survey, SurveyInvitation
from ...permissions import survey_policy
from ...rules.definition import Component, Definition, DefinitionError, read_definition

CODE = re.compile(r"(?=.{1,60}\Z)[a-z][a-z0-9]*([_-][a-z0-9]+)*")
FIELDS = frozenset(
    {
        "name",
        "document",
        "unit",
        "is_open_to_all",
        "opens_on",
        "closes_on",
        "minimum_age",
        "weight_by",
        "summary",
        "materials",
        "check_share",
    }
)
NOT_ASKED = frozenset({Component.FILE, Component.SIGNATURE, Component.BANK_ACCOUNT})
"""Answers of surveys name nobody and carry no files."""

FIXED_ONCE_OPEN = frozenset({"document", "minimum_age", "is_open_to_all"})


@transaction.atomic
def create_survey(
    *, code: str, kind: str, document: dict[str, Any], actor: Account, unit: Unit | None = None
) -> Survey:
    """
    Begin a survey or a public comment; raises ``RefusedError``, ``SurveyError`` for a code that is taken or a bad form.
    """
    survey_policy.require(actor, "edit")
    definition = _read(document)
    code = code.strip() or definition.code
    if Survey.objects.filter(code=code).exists():
        raise SurveyError(_("このコードのアンケートは、すでにあります。別のコードにしてください。"))
    if not CODE.fullmatch(code) or code == "new":
        raise SurveyError(_("コードは、英小文字で始まる60字以内の英小文字・数字・「-」で書いてください。"))
    survey = Survey.objects.create(
        municipality=municipality_in_scope(),
        code=code,
        kind=kind,
        name=definition.name.ja,
        document=document,
        unit=unit,
        is_open_to_all=kind == SurveyKind.COMMENT,
        created_by=actor,
    )
    record_event(kind=events.SURVEY_CREATED, subject=survey, actor=actor, data={"kind": kind})
    return survey


def _read(document: dict[str, Any]) -> Definition:
    try:
        definition = read_definition(document)
    except DefinitionError as error:
        raise SurveyError(_("調査票を読み取れません。%(reason)s") % {"reason": str(error)[:400]}) from error
    refused = next((field for field in definition.form.fields() if field.component in NOT_ASKED), None)
    if refused is not None:
        raise SurveyError(
            _(
                "質問「%(label)s」の種類は、アンケートでは使えません（ファイル・署名・口座）。ほかの種類に変えてください。"
            )
            % {"label": refused.label.ja or refused.code}
        )
    return definition


@transaction.atomic
def save_survey(*, survey: Survey, seen_revision: int, actor: Account, **fields: Any) -> Survey:
    """
    Change a survey; the questions are fixed once it is open. ``seen_revision`` is what the editor had before it.

    Raises ``RefusedError``, ``StaleSurveyError`` when somebody saved meanwhile, ``SurveyError``, ``TypeError`` for an
    unknown field; nothing was changed then.
    """
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"a survey has no {', '.join(sorted(unknown))}")
    survey_policy.require(actor, "edit", survey)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.revision != seen_revision:
        raise StaleSurveyError(_("ほかの人が先に保存しました。画面を読み込み直して、変更をもう一度入れてください。"))
    if locked.status != SurveyStatus.DRAFT and FIXED_ONCE_OPEN & {
        name for name, value in fields.items() if getattr(locked, name) != value
    }:
        raise SurveyError(_("受付を始めた後は、質問と対象を変えられません。"))
    if "document" in fields:
        fields["name"] = _read(fields["document"]).name.ja
    for name, value in fields.items():
        setattr(locked, name, value)
    _check_days(locked.opens_on, locked.closes_on)
    locked.revision += 1
    locked.save()
    record_event(kind=events.SURVEY_CHANGED, subject=locked, actor=actor, data={"fields": sorted(fields)})
    return locked


def _check_days(opens_on: date | None, closes_on: date | None) -> None:
    if opens_on is not None and closes_on is not None and closes_on < opens_on:
        raise SurveyError(_("終了日は、開始日と同じ日か、それより後の日にしてください。"))


@transaction.atomic
def open_survey(*, survey: Survey, actor: Account) -> Survey:
    """Begin to take answers; raises ``SurveyError`` without questions, an end, or anybody who may answer."""
    survey_policy.require(actor, "edit", survey)
    locked = _locked(survey, SurveyStatus.DRAFT)
    if not any(field.asks for field in locked.definition.form.fields()):
        raise SurveyError(_("質問がありません。質問を1つ以上作ってください。"))
    if locked.closes_on is None or locked.closes_on < clock.today():
        raise SurveyError(_("終了日に、今日以降の日を入れてください。"))
    if not locked.is_open_to_all and not locked.invitations.exists():
        raise SurveyError(_("回答する人がいません。標本を抽出するか、「誰でも答えられる」にしてください。"))
    return _move(locked, SurveyStatus.OPEN, actor, opens_on=locked.opens_on or clock.today())


@transaction.atomic
def close_survey(*, survey: Survey, actor: Account | None) -> Survey:
    """
    End the taking of answers, early or when its time is over (``actor`` None); who was invited is forgotten.

    Paper sheets that are still on the desk can be entered afterwards.
    """
    if actor is not None:
        survey_policy.require(actor, "edit", survey)
    locked = _locked(survey, SurveyStatus.OPEN)
    SurveyInvitation.objects.filter(survey=locked).update(resident=None)
    return _move(locked, SurveyStatus.CLOSED, actor, closed_at=clock.now())


def close_due_surveys() -> int:
    """Close the surveys whose last day is over, so that who was invited is forgotten; returns how many."""
    due = list(Survey.objects.filter(status=SurveyStatus.OPEN, closes_on__lt=clock.today()))
    for survey in due:
        close_survey(survey=survey, actor=None)
    return len(due)


@transaction.atomic
def publish_results(*, survey: Survey, actor: Account, summary: str = "") -> Survey:
    """
    Publish the tables (of a public comment: the gist of the opinions and the city's answers).

    Raises ``SurveyError`` while answers are taken, and for a public comment with opinions nobody has answered.
    """
    survey_policy.require(actor, "publish", survey)
    locked = _locked(survey, SurveyStatus.CLOSED)
    if locked.kind == SurveyKind.COMMENT:
        _require_replies(locked)
    text = summary.strip() or locked.summary
    return _move(locked, SurveyStatus.PUBLISHED, actor, published_at=clock.now(), summary=text)


def _require_replies(survey: Survey) -> None:
    replies = list(CommentReply.objects.filter(survey=survey))
    answered = {number for reply in replies if reply.reply.strip() for number in reply.opinions}
    waiting = survey.answers.filter(is_void=False).exclude(pk__in=answered).count()
    if waiting:
        raise SurveyError(
            _("市の考え方がまだない意見が%(count)s件あります。すべての意見に考え方を付けてから公開してください。")
            % {"count": waiting}
        )


@transaction.atomic
def withdraw_results(*, survey: Survey, actor: Account) -> Survey:
    """Take published results back, to correct them."""
    survey_policy.require(actor, "publish", survey)
    return _move(_locked(survey, SurveyStatus.PUBLISHED), SurveyStatus.CLOSED, actor, published_at=None)


def _locked(survey: Survey, status: SurveyStatus) -> Survey:
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.status != status:
        raise SurveyError(
            _("このアンケートは「%(status)s」です。画面を読み込み直してください。")
            % {"status": SurveyStatus(locked.status).label}
        )
    return locked


def _move(survey: Survey, status: SurveyStatus, actor: Account | None, **fields: Any) -> Survey:
    survey.status = status
    for name, value in fields.items():
        setattr(survey, name, value)
    survey.revision += 1
    survey.save()
    record_event(kind=events.SURVEY_MOVED, subject=survey, actor=actor, data={"status": str(status)})
    return survey
