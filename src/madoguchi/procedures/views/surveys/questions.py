"""The questions of a survey: adding, moving, wording in three languages, options, conditions, the preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock

from ...enums import SurveyStatus
from ...errors import SurveyError
from ...models import Survey
from ...rules.definition import LANGUAGES, Component, DefinitionError, write_file
from ...rules.editing import Clause, Edit, EditError, apply, full, read_condition, sparse, write_condition
from ...rules.forms import defaults, form_context, visible_fields
from ...services.surveys import save_survey
from .common import actor_of, number_of, page, staff_page

KINDS: dict[str, Any] = {
    Component.CHOICE: _lazy("1つ選ぶ"),
    Component.CHOICES: _lazy("いくつでも選ぶ"),
    Component.YES_NO: _lazy("はい・いいえ"),
    Component.TEXT: _lazy("短い文"),
    Component.TEXTAREA: _lazy("長い文"),
    Component.INTEGER: _lazy("数"),
    Component.DATE: _lazy("日付"),
    Component.NOTE: _lazy("説明文"),
}
LANGUAGE_WORDS = (("ja", _lazy("日本語")), ("ja-easy", _lazy("やさしい日本語")), ("en", _lazy("英語")))
NEW_OPTIONS = 2


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("edit")
def questions(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Show the questions, one of them opened (``at``), or do what the pressed button asks and save what was typed."""
    if request.method == "POST":
        return _edit(request, survey)
    return _show(request, survey, full(survey.document), request.GET.get("at", ""))


def _show(request: HttpRequest, survey: Survey, document: dict[str, Any], at: str, problem: str = "") -> HttpResponse:
    return page(
        request,
        survey,
        "questions",
        _("質問"),
        422 if problem else 200,
        steps=document["form"]["steps"],
        at=at,
        kinds=list(KINDS.items()),
        kind_words=KINDS,
        languages_of_text=LANGUAGE_WORDS,
        conditions=_conditions(document, at),
        condition_of=lambda text: condition_words(document, text),
        is_fixed=survey.status != SurveyStatus.DRAFT,
        problem=problem,
        revision=request.POST.get("revision", survey.revision),
        new_options=NEW_OPTIONS,
    )


def _edit(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    typed = request.POST
    document = full(survey.document)
    at, command = typed.get("at", ""), typed.get("do", "")
    try:
        document = apply(document, Edit("set", values=_values(document, typed)), *_new_options(typed))
        document, at = _do(document, command, at)
        document = _without_empty_options(document)
        save_survey(
            survey=survey,
            seen_revision=number_of(typed.get("revision", "")),
            actor=actor_of(request),
            document=sparse(document),
        )
    except EditError as error:
        return _show(
            request, survey, document, at, _(error.message) % error.params if error.params else _(error.message)
        )
    except DefinitionError as error:
        return _show(request, survey, full(survey.document), at, "；".join(fault.message for fault in error.faults[:3]))
    except SurveyError as error:
        return _show(request, survey, document, at, str(error))
    if command.startswith("remove"):
        messages.info(request, _("消しました。"))
    address = reverse("surveys:questions", args=[survey.code])
    return redirect(f"{address}?at={at}#{_anchor(at)}" if at else address)


def _anchor(at: str) -> str:
    return "q-" + at.replace(".", "-")


def _values(document: dict[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return path → value of what was typed (inputs are named ``v:PATH``), conditions written as FEEL."""
    found: dict[str, Any] = {}
    for name in typed:
        kind, _colon, path = name.partition(":")
        if kind == "v":
            found[path] = str(typed[name]).replace("\r\n", "\n").strip()
        elif kind == "b":
            found[path] = typed.getlist(name)[-1] == "on"  # type: ignore[attr-defined]  # a QueryDict
        elif kind == "c" and typed[name] != "as-is":
            found[path] = _condition(document, str(typed[name]))
    return found


def _new_options(typed: Mapping[str, Any]) -> list[Edit]:
    """Return the options typed into the empty lines (``new:PATH``, ``new-easy:PATH``, ``new-en:PATH``)."""
    found = []
    for name in typed:
        kind, _colon, path = name.partition(":")
        if kind != "new":
            continue
        every = [typed.getlist(f"{part}:{path}") for part in ("new", "new-easy", "new-en")]  # type: ignore[attr-defined]
        for ja, easy, en in zip(*every, strict=False):
            if ja.strip():
                label = {"ja": ja.strip(), "ja-easy": easy.strip(), "en": en.strip()}
                found.append(Edit("add", path, values={"label": label}))
    return found


def _condition(document: dict[str, Any], chosen: str) -> str:
    """Return the FEEL of a chosen ``question=answer``; empty for always."""
    code, _equals, value = chosen.partition("=")
    asked = next((item for step in document["form"]["steps"] for item in step["fields"] if item["code"] == code), None)
    if asked is None:
        return ""
    if asked["component"] == Component.YES_NO:
        return write_condition([Clause(code, "=", value == "yes")])
    operator = "contains" if asked["component"] == Component.CHOICES else "="
    return write_condition([Clause(code, operator, value)])  # type: ignore[arg-type]  # one of Operator


def _conditions(document: dict[str, Any], at: str) -> list[tuple[str, str, str]]:
    """Return (value, words, FEEL) of what a question at a path can depend on: the answers of those before it."""
    found: list[tuple[str, str, str]] = []
    for number, step in enumerate(document["form"]["steps"]):
        for place, item in enumerate(step["fields"]):
            if at == f"form.steps.{number}.fields.{place}":
                return found
            for code, label in _answers_of(item):
                choice = f"{item['code']}={code}"
                words = _("「%(question)s」が「%(answer)s」のとき") % {
                    "question": _shortened(item["label"]["ja"]),
                    "answer": _shortened(label),
                }
                found.append((choice, words, _condition(document, choice)))
    return found


def _answers_of(item: dict[str, Any]) -> list[tuple[str, str]]:
    if item["component"] == Component.YES_NO:
        return [("yes", _("はい")), ("no", _("いいえ"))]
    if item["component"] in (Component.CHOICE, Component.CHOICES):
        return [(option["code"], option["label"]["ja"]) for option in item["options"]]
    return []


def _shortened(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:23]}…"


def condition_words(document: dict[str, Any], text: str) -> str:
    """Return a condition in words; one that was not made here as it is written."""
    if not text:
        return ""
    known = {feel: words for _value, words, feel in _conditions(document, "")}
    return known.get(text, text) if read_condition(text) is not None else text


def _do(document: dict[str, Any], command: str, at: str) -> tuple[dict[str, Any], str]:
    """Carry out a pressed button (``add:PATH:KIND``, ``remove:PATH``, ``up:PATH`` …); returns document and what to open."""
    verb, _colon, rest = command.partition(":")
    path, _colon, kind = rest.partition(":")
    if verb == "add":
        values = {"required": False} if kind else {}
        made = apply(document, Edit("add", path, kind_of=kind, values=values))
        return made, f"{path}.{len(_list_at(made, path)) - 1}" if kind else at
    if verb in {"up", "down"}:
        parent, _dot, place = path.rpartition(".")
        index = number_of(place) + (1 if verb == "down" else -1)
        made = apply(document, Edit("move", path, index=max(0, index)))
        return made, f"{parent}.{min(max(0, index), len(_list_at(made, parent)) - 1)}" if at == path else at
    if verb == "component":
        return apply(document, Edit("component", path, kind_of=kind)), at
    if verb in {"remove", "duplicate"}:
        return apply(document, Edit(verb, path)), "" if verb == "remove" and at.startswith(path) else at
    return document, rest if verb == "open" else at


def _list_at(document: dict[str, Any], path: str) -> list[Any]:
    found: Any = document
    for part in path.split("."):
        found = found[int(part) if part.isdigit() else part]
    return list(found)


def _without_empty_options(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without options that were left empty after the second: lines offered for typing."""
    for step in document["form"]["steps"]:
        for item in step["fields"]:
            kept = [
                option for place, option in enumerate(item["options"]) if place < NEW_OPTIONS or option["label"]["ja"]
            ]
            item["options"] = kept
    return document


@require_safe
@staff_page("view_internal")
def preview(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Show the form as residents will see it, in one of the three languages."""
    wanted = request.GET.get("language", "ja")
    language = wanted if wanted in LANGUAGES else "ja"
    answers = defaults(survey.definition)
    shown = [
        (step, visible_fields(survey.definition, step, answers, clock.today())) for step in survey.definition.form.steps
    ]
    every = request.GET.get("all") == "1"
    if every:
        shown = [(step, step.fields) for step in survey.definition.form.steps]
    address = reverse("surveys:preview", args=[survey.code])
    tabs = [
        {"label": words, "url": f"{address}?language={code}{'&all=1' if every else ''}", "current": code == language}
        for code, words in LANGUAGE_WORDS
    ]
    context: dict[str, Any] = {
        "shown": shown,
        "answers": answers,
        "form": form_context(survey.definition, answers, clock.today()),
        "language_shown": language,
        "language_tabs": tabs,
        "shows_all": every,
    }
    with translation.override(language):
        return page(request, survey, "preview", _("見本"), **context)


@require_safe
@staff_page("view_internal")
def export(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Give the questions as the file that "import" takes."""
    response = HttpResponse(write_file(survey.definition), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{survey.code}.survey.json"'
    return response
