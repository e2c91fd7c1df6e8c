"""The desk of a public comment: opinions gathered into gists, each with what the city thinks of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madoguchi.trust.api import log_access

from ...enums import SurveyKind, SurveyStatus
from ...errors import SurveyError
from ...models import CommentReply, Survey
from ...rules.forms import describe
from ...services.surveys import order_replies, remove_reply, save_reply
from .common import actor_of, back_to, number_of, page, staff_page


@require_safe
@staff_page("view_internal")
def desk(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Show the opinions nobody has gathered yet beside the gists; opinions may hold names, so the look is logged."""
    if survey.kind != SurveyKind.COMMENT:
        raise Http404
    log_access(actor=actor_of(request), subject=survey, purpose=_("意見公募の意見の整理"))
    opinions = opinions_of(survey)
    replies = list(survey.replies.all())
    grouped = {number for reply in replies for number in reply.opinions}
    answered = {number for reply in replies if reply.reply for number in reply.opinions if number in opinions}
    return page(
        request,
        survey,
        "desk",
        _("意見と考え方"),
        opinions=opinions,
        waiting=[opinion for number, opinion in opinions.items() if number not in grouped],
        replies=replies,
        answered=len(answered),
        total=len(opinions),
        is_closed=survey.status == SurveyStatus.PUBLISHED,
    )


def opinions_of(survey: Survey) -> dict[int, dict[str, Any]]:
    """Return the valid opinions by key: a number for people, and the rows of what was answered."""
    rows = survey.answers.filter(is_void=False).order_by("pk")
    return {
        row.pk: {
            "pk": row.pk,
            "number": number,
            "rows": [
                line
                for section in describe(survey.definition, row.answers, "ja")
                for line in section.rows
                if line.value
            ],
        }
        for number, row in enumerate(rows, start=1)
    }


@require_POST
@staff_page("edit")
def gather(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Put the chosen opinions into a gist: a new one, or one that is there."""
    chosen = [number_of(text) for text in request.POST.getlist("opinion")]
    target = request.POST.get("to", "new")

    def run() -> str:
        if not chosen:
            raise SurveyError(_("意見を選んでください。"))
        if target == "new":
            made = save_reply(
                survey=survey, gist=request.POST.get("gist", ""), reply="", opinions=chosen, actor=actor_of(request)
            )
            return _("要旨「%(gist)s」を作りました。") % {"gist": made.gist[:30]}
        reply = _reply(survey, number_of(target))
        save_reply(
            survey=survey,
            gist=reply.gist,
            reply=reply.reply,
            has_effect=reply.has_effect,
            opinions=sorted({*reply.opinions, *chosen}),
            actor=actor_of(request),
            existing=reply,
        )
        return _("要旨「%(gist)s」に加えました。") % {"gist": reply.gist[:30]}

    return back_to(request, "desk", survey, run)


def _reply(survey: Survey, pk: int) -> CommentReply:
    found = survey.replies.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
@staff_page("edit")
def reply(request: HttpRequest, survey: Survey, pk: int) -> HttpResponseBase:
    """Write a gist and its answer, take opinions out of it, move or remove it."""
    found, pressed = _reply(survey, pk), request.POST.get("do", "save")

    def run() -> str:
        if pressed == "remove":
            remove_reply(reply=found, actor=actor_of(request))
            return _("要旨を消しました。意見は、まとめる前に戻りました。")
        if pressed in {"up", "down"}:
            order_replies(survey=survey, order=_moved(survey, found.pk, pressed), actor=actor_of(request))
            return _("順番を変えました。")
        out = {number_of(text) for text in request.POST.getlist("out")}
        save_reply(
            survey=survey,
            gist=request.POST.get("gist", ""),
            reply=request.POST.get("reply", ""),
            has_effect=request.POST.get("has_effect") == "on",
            opinions=[number for number in found.opinions if number not in out],
            actor=actor_of(request),
            existing=found,
        )
        return _("市の考え方を保存しました。")

    return back_to(request, "desk", survey, run)


def _moved(survey: Survey, pk: int, way: str) -> list[int]:
    order = list(survey.replies.values_list("pk", flat=True))
    place = order.index(pk)
    other = min(max(place + (1 if way == "down" else -1), 0), len(order) - 1)
    order[place], order[other] = order[other], order[place]
    return order
