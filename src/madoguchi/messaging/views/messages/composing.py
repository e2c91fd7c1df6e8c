"""The composer: edit left, preview right, what is to be put right below; it saves and previews without JavaScript too."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.trust.api import FileRefusedError, permission_required

from ...errors import AudienceError, MessagingError
from ...forms.audience import KINDS, AudienceForm, form_of, read_form
from ...forms.messages import AttachForm, ComposeForm, TemplateForm, initial_of, languages_of
from ...models import Attachment, Message
from ...permissions import message_policy
from ...registry import audience_sources
from ...rules.audience import parse_rule
from ...rules.content import JAPANESE, LANGUAGES, PLACEHOLDERS, clean_contents, sizes
from ...selectors.audience import audience_choices, describe_audience, sample_audience
from ...selectors.messages import Plan, check_message, language_name, plan_of, preview
from ...services.messages import (
    add_attachment,
    change_message,
    copy_message,
    remove_attachment,
    save_template,
)
from .common import actor_of, editable, frame

STAYS = ("preview", "add_row", "add_language")
"""Buttons that show the page again with what was typed, and keep nothing."""


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(message_policy, "edit", subject=editable)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Show the composer, or save what was typed."""
    message = editable(key)
    if request.method != "POST":
        form = _form(request, message, initial=initial_of(message))
        return _page(request, message, form, form_of(message.audience))
    form = _form(request, message, request.POST)
    audience = read_form(request.POST)
    if request.POST.get("do") in STAYS or request.POST.get("remove_row"):
        form.is_valid()
        return _page(request, _drafted(message, form, audience), form, audience)
    return _save(request, message, form, audience)


def _form(request: HttpRequest, message: Message, data: Any = None, **options: Any) -> ComposeForm:
    languages = languages_of(message, data)
    return ComposeForm(data, message=message, actor=actor_of(request), languages=languages, **options)


def _save(request: HttpRequest, message: Message, form: ComposeForm, audience: AudienceForm) -> HttpResponse:
    for error in audience.errors:
        form.add_error(None, error)
    seen = request.POST.get("revision", "")
    if not form.is_valid():
        return _page(request, _drafted(message, form, audience), form, audience, status=422)
    values = form.values
    if audience.mode != "none" or not message.audience:
        values["audience"] = audience.document
    try:
        changed = change_message(
            message=message,
            actor=actor_of(request),
            seen_revision=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
            **values,
        )
    except MessagingError as error:
        form.add_error(None, str(error))
        return _page(request, _drafted(message, form, audience), form, audience, status=409)
    if changed.revision != message.revision:
        notes.success(request, _("保存しました。"))
    else:
        notes.info(request, _("変わったところはありませんでした。"))
    if request.POST.get("do") == "check":
        return redirect("messages:check", message.key)
    return redirect("messages:edit", message.key)


def _drafted(message: Message, form: ComposeForm, audience: AudienceForm) -> Message:
    """Return the message as it was typed, unsaved."""
    draft = copy.copy(message)
    if not hasattr(form, "cleaned_data"):
        return draft
    for name, value in form.values.items():
        setattr(draft, name, value)
    draft.contents = clean_contents(form.contents)
    if audience.document or audience.mode != "none":
        draft.audience = audience.document
    return draft


def _page(
    request: HttpRequest, message: Message, form: ComposeForm, audience: AudienceForm, *, status: int = 200
) -> HttpResponse:
    plan = _plan(message)
    context = {
        **frame(request, message),
        "form": form,
        **_audience_context(message, audience, plan),
        **_choices(),
        **_preview_context(request, message, plan),
        "all_languages": [(code, language_name(code)) for code in LANGUAGES if code not in form.languages],
        "placeholders": [(f"{{{{{name}}}}}", _(label)) for name, label in PLACEHOLDERS.items()],
        "attachments": list(message.attachments.select_related("stored")),
        "attach_form": AttachForm(initial={"revision": message.revision}, prefix="attach"),
        "template_form": TemplateForm(prefix="template"),
        "revision": request.POST.get("revision", message.revision),
    }
    return render(request, "messaging/messages/edit.html", context, status=status)


def _plan(message: Message) -> Plan | None:
    try:
        return plan_of(message.audience) if message.audience else None
    except AudienceError:
        return None


def _audience_context(message: Message, audience: AudienceForm, plan: Plan | None) -> dict[str, Any]:
    rule = None if plan is None else parse_rule(message.audience)
    has_sample = plan is not None and plan.people > 0 and not plan.count.is_small
    return {
        "audience": audience,
        "plan": plan,
        "sentence": "" if rule is None else describe_audience(rule),
        "sample": sample_audience(rule, 5) if rule is not None and has_sample else [],
    }


def _choices() -> dict[str, Any]:
    """Return what rows can be made of."""
    choices: dict[str, Any] = dict(audience_choices("ja"))
    choices["source"] = [
        (f"{source.key}:{code}", f"{_(source.label)}：{name}")
        for source in audience_sources
        for code, name in source.choices()
    ]
    return {"choices": choices, "kinds": list(KINDS.items())}


def _preview_context(request: HttpRequest, message: Message, plan: Plan | None) -> dict[str, Any]:
    look = request.POST.get("look") or request.GET.get("look") or JAPANESE
    written = [code for code in LANGUAGES if code in message.contents] or [JAPANESE]
    look = look if look in written else written[0]
    variant = message.contents.get(look, {})
    return {
        "look": look,
        "looks": written,
        "samples": preview(message, language=look),
        "sizes": sizes(variant.get("subject", ""), variant.get("body", ""), variant.get("short", "")),
        "checks": check_message(message, plan),
    }


@require_POST
@permission_required(message_policy, "edit", subject=editable)
def live(request: HttpRequest, key: str) -> HttpResponse:
    """Return what shows the state of what is being typed: the count of people, the preview, the remarks. Nothing is kept."""
    message = editable(key)
    form = _form(request, message, request.POST)
    form.is_valid()
    audience = read_form(request.POST)
    draft = _drafted(message, form, audience)
    plan = _plan(draft)
    context = frame(request, draft) | _audience_context(draft, audience, plan) | _preview_context(request, draft, plan)
    return render(request, "messaging/messages/_live.html", context)


@require_POST
@permission_required(message_policy, "edit", subject=editable)
def attach(request: HttpRequest, key: str) -> HttpResponse:
    """Attach a file."""
    message = editable(key)
    form = AttachForm(request.POST, request.FILES, prefix="attach")
    if not form.is_valid():
        notes.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("messages:edit", key)
    data = form.cleaned_data
    try:
        add_attachment(
            message=message,
            actor=actor_of(request),
            seen_revision=data["revision"],
            content=data["file"].file,
            name=data["file"].name,
            label=data["label"],
        )
        notes.success(request, _("ファイルを添付しました。"))
    except (MessagingError, FileRefusedError) as error:
        notes.error(request, str(error))
    return redirect("messages:edit", key)


@require_POST
@permission_required(message_policy, "edit", subject=lambda key, pk: editable(key))
def detach(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take a file off."""
    attachment = get_object_or_404(Attachment.objects.select_related("message"), pk=pk, message__key=key)
    seen = request.POST.get("revision", "")
    try:
        remove_attachment(
            attachment=attachment, actor=actor_of(request), seen_revision=int(seen) if seen.isdecimal() else -1
        )
        notes.success(request, _("添付ファイルを外しました。"))
    except MessagingError as error:
        notes.error(request, str(error))
    return redirect("messages:edit", key)


@require_POST
@permission_required(message_policy, "edit")
def duplicate(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a new message with the texts of this one."""
    made = copy_message(message=editable(key), actor=actor_of(request))
    notes.success(request, _("写しを作りました。送る日時は空になっています。"))
    return redirect("messages:edit", made.key)


@require_POST
@permission_required(message_policy, "edit", subject=editable)
def keep_template(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a message as a template."""
    form = TemplateForm(request.POST, prefix="template")
    if form.is_valid():
        save_template(message=editable(key), actor=actor_of(request), **form.cleaned_data)
        notes.success(request, _("ひな型として保存しました。「お知らせをつくる」から使えます。"))
    else:
        notes.error(request, _("ひな型の名前を書いてください。"))
    return redirect("messages:record", key)
