"""Public comment (意見公募, 行政手続法第39条 に準じる): opinions grouped by gist, each with what the city thinks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import SurveyKind, SurveyStatus
from ...errors import SurveyError
from ...models import CommentReply, Survey
from ...permissions import survey_policy


@transaction.atomic
def save_reply(
    *,
    survey: Survey,
    gist: str,
    reply: str,
    opinions: Sequence[int],
    actor: Account,
    has_effect: bool = False,
    existing: CommentReply | None = None,
) -> CommentReply:
    """
    Write the gist of some opinions and the city's answer; an opinion belongs to one gist, the last one written.

    Raises ``RefusedError``, and ``SurveyError`` without a gist, for opinions of another survey, or once it is published.
    """
    survey_policy.require(actor, "edit", survey)
    _require_open_desk(survey)
    if not gist.strip():
        raise SurveyError(_("意見の要旨を入力してください。"))
    known = set(survey.answers.filter(pk__in=opinions).values_list("pk", flat=True))
    if known != set(opinions):
        raise SurveyError(_("この意見公募にない意見が選ばれています。画面を読み込み直してください。"))
    found = existing or CommentReply(municipality=survey.municipality, survey=survey, order=survey.replies.count() + 1)
    found.gist, found.reply, found.has_effect, found.opinions = gist.strip(), reply.strip(), has_effect, sorted(known)
    found.save()
    for other in survey.replies.exclude(pk=found.pk):
        if known & set(other.opinions):
            other.opinions = [number for number in other.opinions if number not in known]
            other.save(update_fields=["opinions"])
    record_event(kind=events.COMMENT_ANSWERED, subject=survey, actor=actor, data={"reply": found.pk})
    return found


@transaction.atomic
def remove_reply(*, reply: CommentReply, actor: Account) -> None:
    """Remove a gist; its opinions wait for an answer again."""
    survey_policy.require(actor, "edit", reply.survey)
    _require_open_desk(reply.survey)
    record_event(kind=events.COMMENT_ANSWERED, subject=reply.survey, actor=actor, data={"removed": reply.pk})
    reply.delete()


@transaction.atomic
def order_replies(*, survey: Survey, order: Sequence[int], actor: Account) -> None:
    """Put the gists in order."""
    survey_policy.require(actor, "edit", survey)
    for place, pk in enumerate(order, start=1):
        survey.replies.filter(pk=pk).update(order=place)


def _require_open_desk(survey: Survey) -> None:
    if survey.kind != SurveyKind.COMMENT:
        raise SurveyError(_("市の考え方を付けられるのは、意見公募だけです。"))
    if Survey.objects.select_for_update().get(pk=survey.pk).status == SurveyStatus.PUBLISHED:
        raise SurveyError(_("公開した結果は変えられません。いったん公開を取りやめてください。"))
