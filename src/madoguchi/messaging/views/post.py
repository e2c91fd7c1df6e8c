"""Letters of a message for staff: print, take the addresses along, mark as posted, enter what came back."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kit import clock, csvio
from madoguchi.trust.api import Account, Municipality, account_of, permission_required

from ..errors import StatusError
from ..models import Message
from ..permissions import message_policy, recipient_policy
from ..plugins.letters import LettersError, letters_pdf
from ..rules.letters import blocks
from ..selectors.post import Letter, progress_of_post
from ..selectors.reading import read_message, why_received
from ..services.inbox import message_of
from ..services.post import MOST_AT_ONCE, hand_out_addresses, hand_out_letters, look_over, mark_posted, mark_returned

NUMBER = re.compile(r"[0-9０-９]{1,12}")
MOST_RETURNED = 500


def _open(request: HttpRequest, key: str) -> tuple[Message, Account]:
    """Return the message and who asks; raises ``RefusedError`` without the duty, ``Http404`` where there is nothing to post."""
    actor = account_of(request)
    recipient_policy.require(actor, "post")
    message = message_of(key)
    if message is None or actor is None:
        raise Http404
    return message, actor


@never_cache
@require_safe
@permission_required(message_policy, "view")
def post(request: HttpRequest, key: str) -> HttpResponse:
    """Show how far the letters of a message are."""
    message, actor = _open(request, key)
    return _show(request, message, actor)


def _show(
    request: HttpRequest, message: Message, actor: Account, *, typed: str = "", problem: str = ""
) -> HttpResponse:
    progress = progress_of_post(message)
    waiting = look_over(message=message, actor=actor, address=request.META.get("REMOTE_ADDR"))
    incomplete = [letter for letter in waiting if not letter.address.is_complete]
    context = {
        "message": message,
        "progress": progress,
        "incomplete": incomplete[:50],
        "incomplete_count": len(incomplete),
        "printable": len(waiting) - len(incomplete),
        "parts": range(0, len(waiting), MOST_AT_ONCE),
        "at_once": MOST_AT_ONCE,
        "typed": typed,
        "problem": problem,
        "breadcrumbs": [
            {"label": _("お知らせ"), "url": reverse("messages:index")},
            {"label": str(message), "url": reverse("messages:record", args=[message.key])},
            {"label": _("郵送"), "url": ""},
        ],
    }
    return render(request, "messaging/post/post.html", context, status=422 if problem else 200)


@never_cache
@require_safe
def letters(request: HttpRequest, key: str) -> HttpResponse:
    """Return the letters that wait as one PDF, ``?from=`` a place on; asking is logged."""
    message, actor = _open(request, key)
    text = request.GET.get("from", "0")
    begin = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    found = hand_out_letters(message=message, actor=actor, begin=begin, address=request.META.get("REMOTE_ADDR"))
    if not found:
        messages.error(request, _("印刷する手紙はありません。"))
        return redirect("messages:post", key)
    city: Municipality = request.municipality  # type: ignore[attr-defined]  # by middleware
    try:
        pdf = letters_pdf(
            letters=[_letter(message, letter) for letter in found],
            title=str(message),
            city=city.name,
            printed_on=clock.today(),
        )
    except LettersError:
        messages.error(request, _("手紙のPDFを作れませんでした。システムの担当に、この画面の名前をお知らせください。"))
        return redirect("messages:post", key)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="letters-{message.key}-{begin}.pdf"'
    return response


def _letter(message: Message, letter: Letter) -> dict[str, Any]:
    delivery = letter.delivery
    reading = read_message(message, delivery.language, recipient=delivery.recipient)
    is_english = not reading.language.startswith("ja")
    with translation.override("en" if is_english else reading.language):
        return {
            "postal_code": letter.address.postal_code,
            "address": list(letter.address.lines),
            "name": letter.address.name,
            "honorific": "" if is_english else " 様",
            "date": _date(is_english=is_english),
            "section": reading.sender.section,
            "phone": reading.sender.phone,
            "subject": reading.subject,
            "blocks": blocks(reading.body),
            "footer": why_received(message, delivery.reason, reading.language),
            "number": f"No. {delivery.pk}",
            "lang": "ja" if reading.language.startswith("ja") else reading.language.partition("-")[0],
            "drill": message.is_drill,
            "drill_line": _("これは訓練のお知らせです。実際に起きたことではありません。"),
        }


def _date(*, is_english: bool) -> str:
    day = clock.today()
    return f"{day:%B} {day.day}, {day.year}" if is_english else f"{day.year}年{day.month}月{day.day}日"


@never_cache
@require_safe
def addresses(request: HttpRequest, key: str) -> HttpResponse:
    """Return the addresses of the letters that wait as CSV, for a printing company or labels; logged as an export."""
    message, actor = _open(request, key)
    found = hand_out_addresses(message=message, actor=actor, address=request.META.get("REMOTE_ADDR"))
    header = (_("番号"), _("郵便番号"), _("住所"), _("氏名"), _("言語"), _("状態"))
    rows = [
        (
            str(letter.delivery.pk),
            letter.address.postal_code,
            " ".join(letter.address.lines),
            letter.address.name,
            letter.delivery.language,
            _("宛先あり") if letter.address.is_complete else _("宛先が足りません"),
        )
        for letter in found
    ]
    response = HttpResponse(csvio.write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="addresses-{message.key}.csv"'
    return response


@never_cache
@require_POST
def posted(request: HttpRequest, key: str) -> HttpResponse:
    """Mark the letters that wait as posted."""
    message, actor = _open(request, key)
    if request.POST.get("sure") != "yes":
        return _show(request, message, actor, problem=_("発送したことを確かめてから、印を付けてください。"))
    number = mark_posted(message=message, actor=actor)
    if number:
        messages.success(request, _("%(number)s通を発送済みにしました。") % {"number": number})
    else:
        messages.error(request, _("発送済みにする手紙はありませんでした。"))
    return redirect("messages:post", key)


@never_cache
@require_POST
def returned(request: HttpRequest, key: str) -> HttpResponse:
    """Note letters that came back, by the numbers printed on them."""
    message, actor = _open(request, key)
    typed = request.POST.get("numbers", "")
    numbers = [int(match) for match in NUMBER.findall(typed)][:MOST_RETURNED]
    if not numbers:
        return _show(request, message, actor, typed=typed, problem=_("手紙の右下にある番号を入力してください。"))
    try:
        noted = mark_returned(
            message=message, numbers=numbers, actor=actor, reason=request.POST.get("reason", "").strip()[:100]
        )
    except StatusError:
        problem = _("この番号の、発送済みの手紙はありません。番号をお確かめください。")
        return _show(request, message, actor, typed=typed, problem=problem)
    messages.success(request, _("%(number)s通が戻ってきたことを記録しました。") % {"number": len(noted)})
    missing = [str(number) for number in numbers if number not in noted]
    if missing:
        messages.warning(request, _("記録できなかった番号：%(numbers)s") % {"numbers": "、".join(missing[:20])})
    return redirect("messages:post", key)
