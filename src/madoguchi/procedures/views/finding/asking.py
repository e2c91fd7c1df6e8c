"""The finder: one question a page, the answers in the address, so that it works anywhere and can be shared."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...rules.agents import is_program
from ...rules.finder.checklist import counts_from_event, documents_to_bring
from ...rules.finder.events import DOORS, LIFE_EVENTS
from ...rules.finder.index import Reason
from ...rules.finder.parts import Status
from ...rules.finder.questions import (
    QUESTIONS,
    UNKNOWN,
    Answer,
    FinderQuestion,
    answer_label,
    read_answer,
    write_answer,
)
from ...selectors.finding import HAPPENED, Catalogue, catalogue
from ...services.finding import note_finder_use
from .common import NO_DOCUMENTS, frame, language, reader, say

Answers = dict[str, Answer]


def read_answers(data: QueryDict) -> Answers:
    """Return the answers of an address or a form, in the order they were given; what cannot be read is left out."""
    answers: Answers = {}
    for code in data:
        question = QUESTIONS.get(code)
        answer = read_answer(question, data.getlist(code)) if question else None
        if answer is not None:
            answers[code] = answer
    return answers


def address_of(event: str, answers: Answers, **more: str) -> str:
    """Return the address of the finder at these answers."""
    pairs = [("event", event)] + [(code, value) for code, answer in answers.items() for value in write_answer(answer)]
    return f"{reverse('procedures:finder')}?{urlencode([*pairs, *more.items()])}"


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the life event, then what still splits the list, then show the result."""
    found = catalogue()
    event = request.GET.get("event", "")
    if event not in found.events:
        return _ask_event(request, found)
    answers = read_answers(request.GET)
    edited = QUESTIONS.get(request.GET.get("edit", ""))
    question = edited or (None if "result" in request.GET else found.index.next_question(event, answers))
    if question is None:
        return _show_result(request, found, event, answers)
    return _ask(request, found, event, answers, question)


def _ask_event(request: HttpRequest, found: Catalogue) -> HttpResponse:
    doors = [(door, [event for event in door.events if event in found.events]) for door in DOORS]
    others = [event for event in found.events if event not in LIFE_EVENTS]
    context = frame(
        request,
        [(_("手続を探す"), "")],
        doors=[(door, events) for door, events in doors if events],
        others=others,
        is_empty=not found.events,
    )
    return render(request, "procedures/finding/events.html", context)


def _ask(
    request: HttpRequest, found: Catalogue, event: str, answers: Answers, question: FinderQuestion
) -> HttpResponse:
    others = {code: answer for code, answer in answers.items() if code != question.code}
    listed = found.list_for(event, answers)
    failed = request.GET.get("asked") == question.code and question.code not in answers
    current = answers.get(question.code)
    context = {
        "event": event,
        "question": question,
        "current": [] if current is None else write_answer(current),
        "hidden": [(code, value) for code, answer in others.items() for value in write_answer(answer)],
        "failed": failed,
        "number": len([code for code in others if code != HAPPENED]) + 1,
        "remaining": max(0, len(found.index.askable(event, answers)) - 1),
        "certain": sum(entry.judgement.answer == "yes" for entry in listed),
        "possible": sum(entry.judgement.answer == "maybe" for entry in listed),
        "answered": answered_rows(event, answers),
        "result_url": address_of(event, answers, result="1"),
        "back_url": _back(event, others, question),
    }
    return render(request, "procedures/finding/question.html", _frame(request, event) | context)


def _back(event: str, others: Answers, question: FinderQuestion) -> str:
    """Return the address of the question answered before, to change it; of the choice of the life event at the start."""
    asked = [code for code in others if code != HAPPENED]
    if not asked:
        return reverse("procedures:finder")
    return address_of(event, others, edit=asked[-1])


def _frame(request: HttpRequest, event: str, **more: Any) -> dict[str, Any]:
    steps = [(_("手続を探す"), reverse("procedures:finder")), (_event_name(event), "")]
    return frame(request, steps, UNKNOWN=UNKNOWN, **more)


def _event_name(event: str) -> str:
    known = LIFE_EVENTS.get(event)
    return say(known.label) if known else event


def _show_result(request: HttpRequest, found: Catalogue, event: str, answers: Answers) -> HttpResponse:
    result = result_context(found, event, answers)
    _count(request, event, answers, len(result["entries"]))
    context = result | {
        "hidden": [(code, value) for code, answer in answers.items() for value in write_answer(answer)],
        "open_question": found.index.next_question(event, answers),
        "continue_url": address_of(event, answers),
        "account": reader(request),
    }
    return render(request, "procedures/finding/result.html", _frame(request, event) | context)


def _count(request: HttpRequest, event: str, answers: Answers, found: int) -> None:
    """Count a finished search of a person: no programs, no looking ahead of a browser, no page asked for by its head."""
    agent = request.headers.get("User-Agent", "")
    is_ahead = "prefetch" in (request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", ""))
    if request.method != "GET" or is_ahead or is_program(agent):
        return
    visitor = f"{request.META.get('REMOTE_ADDR', '')} {agent}"
    note_finder_use(event=event, answers=answers, found=found, language=language(), visitor=visitor)


def result_context(found: Catalogue, event: str, answers: Answers) -> dict[str, Any]:
    """Return what the pages of a result and of a saved checklist show: groups, documents, ruled-out ones, answers."""
    entries = found.list_for(event, answers)
    judged = found.index.judge(event, answers)
    known = LIFE_EVENTS.get(event)
    bring = documents_to_bring(entries, answers)
    return {
        "event": event,
        "event_name": _event_name(event),
        "entries": entries,
        "groups": _grouped(entries),
        "certain": sum(entry.judgement.answer == "yes" for entry in entries),
        "possible": sum(entry.judgement.answer == "maybe" for entry in entries),
        "online": sum(entry.is_online for entry in entries),
        "documents": [item for item in bring if item.document.code != NO_DOCUMENTS],
        "names": {code: say(definition.name) for code, definition in found.definitions.items()},
        "ruled_out": [
            (found.definitions[item.code], reason_words(item.reasons(answers)))
            for item in judged
            if item.answer == "no"
        ],
        "reasons": {entry.definition.code: reason_words(entry.judgement.reasons(answers)) for entry in entries},
        "answered": answered_rows(event, answers),
        "asks_day": any(counts_from_event(entry.definition, event) for entry in entries),
        "day_label": say(known.day) if known and known.day else say(QUESTIONS[HAPPENED].text),
        "day": answers.get(HAPPENED),
    }


def _grouped(entries: list[Any]) -> list[tuple[Any, list[Any]]]:
    groups: dict[Any, list[Any]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    return list(groups.items())


def reason_words(reasons: list[Reason]) -> list[str]:
    """Return reasons as sentences."""
    return [_sentence(reason) for reason in reasons if reason.status != Status.FITS or reason.answer is not None]


def _sentence(reason: Reason) -> str:
    question = QUESTIONS.get(reason.question)
    if question is None:
        return _("担当の課に確かめてください。")
    asked = say(question.text)
    if reason.status == Status.OPEN:
        return _("次のことが分かれば決まります：%(question)s") % {"question": asked}
    said = say(reason.text)
    if said:
        return said
    given = answer_label(question, reason.answer, language()) if reason.answer is not None else ""
    words = {"question": asked, "answer": given or _("当てはまるものはない")}
    return _("「%(question)s」に「%(answer)s」と答えたため") % words


def answered_rows(event: str, answers: Answers) -> list[dict[str, str]]:
    """Return the answers given so far, each with the address that changes it."""
    rows = []
    for code, answer in answers.items():
        question = QUESTIONS[code]
        if code == HAPPENED:
            continue
        label = _("わからない") if answer == UNKNOWN else answer_label(question, answer, language())
        rows.append(
            {
                "term": say(question.text),
                "text": label or _("当てはまるものはない"),
                "change_url": address_of(event, answers, edit=code),
            }
        )
    return rows
