"""One page of the form: a group of questions, saved whatever is pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.kit import clock
from madoguchi.trust.api import Account, FileRefusedError, account_of

from ...errors import DraftMissingError, StaleDraftError
from ...models import Draft
from ...rules.definition import Component, Definition, FormField, Step, Text
from ...rules.forms import (
    Problem,
    change_rows,
    check_step,
    describe_step,
    file_inputs,
    form_context,
    parse_step,
    row_action,
    visible_fields,
)
from ...services.applying import attach_file, believed, detach_file, find_draft, known_files, put_answer, save_step
from .frame import (
    crumbs,
    draft_context,
    first_open,
    language_of,
    open_draft,
    place_of,
    posted,
    progress,
    step_path,
)
from .held import held, hold
from .paths import at_path, put_at

Data = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Saved:
    """
    What came of one sending: the draft as it stands, what is wrong, and how to go on.

    ``files`` are the new files of whole fields by code, ``inputs`` stand in a form for those inside rows and signatures.
    """

    draft: Draft
    problems: list[Problem] = field(default_factory=list)
    anchor: str = ""
    files: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    inputs: dict[str, list[str]] = field(default_factory=dict)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Show the questions of a step, or save its answers and go on."""
    if request.method == "POST" and _owner_is_signed_out(request, key):
        return hold(request, key, step)
    draft = open_draft(request, key)
    if isinstance(draft, HttpResponse):
        return draft
    place = place_of(draft, step)
    if place.current is None:
        return redirect(step_path(draft, first_open(draft)))
    if request.method == "POST":
        return _take(request, draft, place.current)
    if (kept := held(request, key, step)) is not None:
        return _take_held(request, draft, place.current, kept)
    return _show(request, draft, place.current)


def _owner_is_signed_out(request: HttpRequest, key: str) -> bool:
    if account_of(request) is not None:
        return False
    found = find_draft(key)
    return found is not None and found.account_id is not None


def _take_held(request: HttpRequest, draft: Draft, step: Step, kept: dict[str, Any]) -> HttpResponse:
    data = {str(name): [str(text) for text in values] for name, values in kept["data"].items()}
    if kept.get("files"):
        messages.warning(request, _("サインアウトしていたため、ファイルは添付されていません。もう一度選んでください。"))
    messages.success(request, _("サインアウトしているあいだに送信された回答を保存しました。"))
    try:
        _save(request, Saved(draft), step, data, {})
    except StaleDraftError as error:
        return _show_both(request, draft, step, data, error)
    return redirect(step_path(draft, step))


def _take(request: HttpRequest, draft: Draft, step: Step) -> HttpResponse:
    data = posted(request.POST)
    files = {name: request.FILES.getlist(name) for name in request.FILES}
    saved = Saved(draft)
    try:
        _save(request, saved, step, data, files)
    except StaleDraftError as error:
        return _show_both(request, _with_files(draft, saved, error), step, data | saved.inputs, error)
    except DraftMissingError:
        return redirect("procedures:draft", draft.key)
    return _go_on(request, saved, step, data)


def _save(
    request: HttpRequest, saved: Saved, step: Step, data: Data, files: Mapping[str, list[UploadedFile[Any]]]
) -> None:
    """Read the answers, take in and off files and rows, keep it all."""
    draft, actor = saved.draft, account_of(request)
    answers = believed(
        fields=step.fields, answers=parse_step(step, data, language_of(request)), known=known_files(draft)
    )
    action = row_action(data)
    if action is not None:
        present = {item.code: draft.answers.get(item.code) for item in step.fields if item.code in draft.answers}
        answers = change_rows(step, present | answers, action)
    saved.anchor = action.path if action is not None else ""
    for path, form_field, name in file_inputs(step, draft.answers | answers):
        for file in files.get(name, []):
            _attach(saved, answers, path, form_field, file, actor)
    seen = _number(data.get("revision", ["0"])[-1])
    saved.draft = save_step(
        draft=draft, step=step.code, answers=answers, seen_revision=seen, actor=actor, language=language_of(request)
    )
    # Last: an answer another window refused must not lead to a file that is gone.
    if action is not None and action.kind == "detach" and (discarded := _number(action.file)):
        detach_file(subject=saved.draft, file=discarded, actor=actor)


def _number(text: str) -> int:
    """Return a number small enough for the database, or 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _attach(
    saved: Saved,
    answers: dict[str, Any],
    path: str,
    form_field: FormField,
    file: UploadedFile[Any],
    actor: Account | None,
) -> None:
    """Take in one file and put its answer where it belongs; a refusal becomes a problem at the field."""
    is_list = form_field.component is Component.FILE
    present = at_path(saved.draft.answers | answers, path) or []
    count = len(present) if is_list else 0
    try:
        taken = attach_file(subject=saved.draft, field=form_field, file=file, actor=actor, path=path, count=count)
    except FileRefusedError as error:
        message = Text(ja=str(error), en=str(error))
        saved.problems.append(Problem(path, "file", "", {}, form_field.label, message))
        return
    put_at(answers, saved.draft.answers, path, [*present, taken] if is_list else {"file": taken["file"]})
    if is_list and path == form_field.code:
        saved.files.setdefault(path, []).append(taken)
    else:
        saved.inputs[f"{path}.{count}.file" if is_list else f"{path}.file"] = [taken["file"]]


def _with_files(draft: Draft, saved: Saved, error: StaleDraftError) -> Draft:
    """Keep files whatever is chosen: nobody should have to look for them and send them a second time."""
    for code, files in saved.files.items():
        draft = put_answer(draft=draft, field=code, value=[*(error.answers.get(code) or []), *files])
        error.answers[code] = draft.answers.get(code)
    return draft


def _go_on(request: HttpRequest, saved: Saved, step: Step, data: Data) -> HttpResponse:
    draft, action = saved.draft, row_action(data)
    definition = draft.version.definition
    if action is not None and action.kind == "find":
        return _show(request, draft, step, finding=action.path)
    if action is not None and not saved.problems:
        return redirect(f"{step_path(draft, step)}#{_anchor(saved.anchor)}")
    if data.get("go", ["next"])[-1] == "save" and not saved.problems:
        return redirect("procedures:saved", draft.key)
    refused = {problem.path for problem in saved.problems}
    found = check_step(definition, step, draft.answers, clock.today()) if action is None else []
    problems = [*saved.problems, *(problem for problem in found if problem.path not in refused)]
    if problems:
        return _show(request, draft, step, problems=problems)
    if "review" in data.get("back", []):
        return redirect(step_path(draft, first_open(draft)))
    return redirect(step_path(draft, place_of(draft, step.code).after()))


def _anchor(path: str) -> str:
    return f"id_{path}"


def _show(
    request: HttpRequest,
    draft: Draft,
    step: Step,
    *,
    problems: Sequence[Problem] = (),
    finding: str = "",
) -> HttpResponse:
    language, place = language_of(request), place_of(draft, step.code)
    before = place.before()
    context = draft_context(
        request,
        draft,
        step=step,
        title=step.title.in_language(language),
        number=place.steps.index(place.current) + 1 if place.current else 1,
        total=len(place.steps) + 1,
        fields=visible_fields(draft.version.definition, step, draft.answers, clock.today()),
        form=form_context(draft.version.definition, draft.answers, clock.today(), finding=finding),
        problems=problems,
        steps=progress(draft, place, language),
        previous=step_path(draft, before) if before is not None else "",
        back="review" if "review" in [*request.GET.getlist("back"), *request.POST.getlist("back")] else "",
        breadcrumbs=crumbs(draft.version.definition, step.title.in_language(language), language),
    )
    return render(request, "procedures/applying/step.html", context, status=422 if problems else 200)


def _show_both(request: HttpRequest, draft: Draft, step: Step, data: Data, error: StaleDraftError) -> HttpResponse:
    """Show what this window sent beside what the other saved, and let the person choose."""
    language, definition = language_of(request), draft.version.definition
    mine = believed(fields=step.fields, answers=parse_step(step, data, language), known=known_files(draft))
    context = draft_context(
        request,
        draft,
        step=step,
        title=step.title.in_language(language),
        message=str(error),
        revision=error.revision,
        rows=_compared(definition, step, draft.answers | mine, draft.answers | error.answers, language),
        data={name: values for name, values in data.items() if name not in {"revision", "csrfmiddlewaretoken"}},
        theirs=step_path(draft, step),
        breadcrumbs=crumbs(definition, step.title.in_language(language), language),
    )
    return render(request, "procedures/applying/both.html", context, status=409)


def _compared(
    definition: Definition, step: Step, mine: Mapping[str, Any], theirs: Mapping[str, Any], language: str
) -> list[dict[str, str]]:
    ours = {row.path: row for row in describe_step(definition, step, mine, language).rows}
    other = {row.path: row for row in describe_step(definition, step, theirs, language).rows}
    paths = list(dict.fromkeys([*other, *ours]))
    return [
        {
            "label": (ours.get(path) or other[path]).label,
            "before": other[path].value if path in other else "",
            "after": ours[path].value if path in ours else "",
        }
        for path in paths
    ]
