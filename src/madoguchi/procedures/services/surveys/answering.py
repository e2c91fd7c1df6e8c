"""Answers of surveys: on the web with a code or without, from paper; an answer is never tied to who was invited."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import AnswerMode, InvitationStatus, SurveyStatus
from ...errors import IncompleteError, SurveyError
from ...models import Survey, SurveyAnswer, SurveyInvitation
from ...permissions import survey_policy
from ...rules import codes
from ...rules.forms import check_all, clean


def open_invitation(*, survey: Survey, code: str) -> SurveyInvitation:
    """Return the invitation of a code as it was typed; raises ``SurveyError`` for one that is unknown or used."""
    digest = codes.digest_of(codes.read_code(code))
    found = SurveyInvitation.objects.filter(survey=survey, code_digest=digest).first() if digest else None
    if found is None:
        raise SurveyError(
            _("この回答コードは見つかりません。調査票に書かれた英数字16文字を、もう一度確かめて入力してください。")
        )
    if found.status == InvitationStatus.ANSWERED:
        raise SurveyError(_("このコードでは、すでに回答をいただいています。ありがとうございました。"))
    return found


@transaction.atomic
def answer_survey(
    *, survey: Survey, key: str, answers: dict[str, Any], language: str = "ja", code: str = ""
) -> SurveyAnswer:
    """
    Take an answer from the web; ``key`` of the form makes sending twice the same answer.

    Raises ``SurveyError`` when the survey takes no answers or the code cannot be used, ``IncompleteError`` with what is to be
    put right; nothing was changed then.
    """
    if found := SurveyAnswer.objects.filter(survey=survey, key=key).first():
        return found
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    _require_open(locked)
    invitation = None
    if code or not locked.is_open_to_all:
        invitation = open_invitation(survey=locked, code=code)
    answer = _keep(locked, key, answers, AnswerMode.WEB, language=language)
    if invitation is not None:
        SurveyInvitation.objects.filter(pk=invitation.pk).update(status=InvitationStatus.ANSWERED)
    return answer


def _require_open(survey: Survey) -> None:
    today = clock.today()
    if survey.status == SurveyStatus.DRAFT or (survey.opens_on is not None and today < survey.opens_on):
        raise SurveyError(_("このアンケートは、まだ始まっていません。"))
    if survey.status != SurveyStatus.OPEN or (survey.closes_on is not None and today > survey.closes_on):
        raise SurveyError(_("このアンケートの受付は終わりました。"))


@transaction.atomic
def enter_sheet(*, survey: Survey, sheet: str, answers: dict[str, Any], actor: Account, code: str = "") -> SurveyAnswer:
    """
    Type in a paper sheet; ``sheet`` is the number stamped on it, which can be entered once.

    With its ``code`` the invitation is marked as answered. Raises ``RefusedError``, ``SurveyError``, ``IncompleteError``.
    Answers that a form would refuse as missing are taken: paper cannot be asked again.
    """
    survey_policy.require(actor, "enter", survey)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.status not in {SurveyStatus.OPEN, SurveyStatus.CLOSED}:
        raise SurveyError(_("用紙を入力できるのは、受付中か、締切のあと結果を公開するまでです。"))
    if not sheet.strip():
        raise SurveyError(_("用紙の番号を入力してください。"))
    if SurveyAnswer.objects.filter(survey=locked, sheet=sheet.strip()).exists():
        raise SurveyError(
            _("用紙%(sheet)sは、すでに入力されています。番号を確かめてください。") % {"sheet": sheet.strip()}
        )
    if code:
        invitation = open_invitation(survey=locked, code=code)
        SurveyInvitation.objects.filter(pk=invitation.pk).update(status=InvitationStatus.ANSWERED)
    key = f"{locked.pk}/{sheet.strip()}"[:40]
    return _keep(locked, key, answers, AnswerMode.PAPER, sheet=sheet.strip(), entered_by=actor)


def _keep(
    survey: Survey,
    key: str,
    answers: dict[str, Any],
    mode: AnswerMode,
    *,
    entered_by: Account | None = None,
    **facts: Any,
) -> SurveyAnswer:
    kept = clean(survey.definition, answers)
    problems = check_all(survey.definition, kept, clock.today())
    if mode == AnswerMode.PAPER:
        problems = [problem for problem in problems if problem.code != "required"]
    if problems:
        raise IncompleteError(_("回答を確かめてください。"), problems)
    try:
        with transaction.atomic():
            answer = SurveyAnswer.objects.create(
                municipality=survey.municipality,
                survey=survey,
                key=key,
                mode=mode,
                answers=kept,
                received_on=clock.today(),
                entered_by=entered_by,
                **facts,
            )
    except IntegrityError as error:
        twin = SurveyAnswer.objects.filter(key=key).first()
        if twin is None:
            raise SurveyError(_("この用紙は、ほかの人が先に入力しました。")) from error
        return twin
    record_event(kind=events.SURVEY_ANSWERED, subject=survey, actor=entered_by, data={"mode": str(mode)})
    return answer


@transaction.atomic
def mark_undeliverable(*, survey: Survey, number: int, actor: Account) -> SurveyInvitation:
    """Note that an envelope came back (戻り); it no longer counts in the base of the response rate."""
    survey_policy.require(actor, "enter", survey)
    found = SurveyInvitation.objects.select_for_update().filter(survey=survey, number=number).first()
    if found is None:
        raise SurveyError(_("番号%(number)sの送付はありません。") % {"number": number})
    if found.status == InvitationStatus.ANSWERED:
        raise SurveyError(_("番号%(number)sは、すでに回答があります。") % {"number": number})
    found.status = InvitationStatus.UNDELIVERABLE
    found.save(update_fields=["status"])
    record_event(kind=events.SURVEY_RETURNED, subject=survey, actor=actor, data={"number": number})
    return found


@transaction.atomic
def void_sheet(*, answer: SurveyAnswer, reason: str, actor: Account) -> SurveyAnswer:
    """Leave a sheet out of the count (無効票), with the reason; it stays where it is."""
    survey_policy.require(actor, "enter", answer.survey)
    if not reason.strip():
        raise SurveyError(_("無効とする理由を入力してください。"))
    return _set_void(answer, True, reason.strip()[:200], actor)


@transaction.atomic
def restore_sheet(*, answer: SurveyAnswer, actor: Account) -> SurveyAnswer:
    """Count a sheet again."""
    survey_policy.require(actor, "enter", answer.survey)
    return _set_void(answer, False, "", actor)


def _set_void(answer: SurveyAnswer, is_void: bool, reason: str, actor: Account) -> SurveyAnswer:
    answer.is_void, answer.void_reason = is_void, reason
    answer.save(update_fields=["is_void", "void_reason"])
    data = {"answer": answer.pk, "void": is_void}
    record_event(kind=events.SURVEY_SHEET_JUDGED, subject=answer.survey, actor=actor, data=data)
    return answer
