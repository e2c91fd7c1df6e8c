"""Drafts: started, saved step by step, taken up again, thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Resident, discard_file, municipality_in_scope, record_event

from ... import events
from ...enums import Channel
from ...errors import AssuranceError, DraftMissingError, ProceduresError, StaleDraftError
from ...models import Application, Attachment, ChecklistItem, Draft, Procedure, ProcedureVersion
from ...rules import codes
from ...rules.definition import Assurance, Component, Definition, FormField
from ...rules.forms import compute, defaults
from .bundles import carry_over
from .prefilling import prefilled
from .proxies import Proxy, proxy_for

KEPT = timedelta(days=60)
"""How long a draft is kept after its last save."""

NEVER_COPIED = frozenset({Component.FILE, Component.CONSENT, Component.SIGNATURE, Component.CALCULATED, Component.NOTE})
"""What an earlier application does not give: files are read anew by staff, consent and signatures are given each time."""


@transaction.atomic
def start_draft(
    *,
    version: ProcedureVersion,
    account: Account | None,
    browser_secret: str = "",
    language: str = "ja",
    channel: str = Channel.ONLINE,
    prefill_consent: bool = False,
    on_behalf_of: Resident | None = None,
    bundle: str = "",
    earlier: Application | None = None,
    checklist_item: ChecklistItem | None = None,
    delegation: str = "",
) -> Draft:
    """
    Begin an application of a published version and return its draft, prefilled where the applicant agreed.

    ``on_behalf_of`` or ``delegation`` (the reference of one) says for whom somebody else applies. ``earlier`` gives the
    answers of an application of the same procedure. Raises ``ProceduresError`` where the procedure takes no applications
    this way, ``AssuranceError`` without an account where one is needed, ``ProxyError`` without a delegation in force.
    """
    definition = version.definition
    _check_open(version, definition, channel)
    if account is None and definition.assurance != Assurance.NONE:
        raise AssuranceError(_("この手続は、サインインしてから申請してください。"), needed=definition.assurance)
    proxy = proxy_for(account=account, definition=definition, resident=on_behalf_of, reference=delegation)
    now = clock.now()
    draft = Draft(
        municipality=municipality_in_scope(),
        version=version,
        account=account,
        on_behalf_of=proxy.resident if proxy else None,
        proxy=proxy.as_json() if proxy else {},
        secret_digest=codes.digest_of(browser_secret) if account is None else "",
        channel=channel,
        language=language,
        bundle=bundle,
        earlier=earlier,
        checklist_item=checklist_item,
        started_at=now,
        saved_at=now,
        expires_at=now + KEPT,
    )
    draft.resume_digest = codes.digest_of(draft.resume_code)
    _fill(draft, definition, actor=account if prefill_consent else None, proxy=proxy)
    draft.save()
    data = {"procedure": definition.code, "channel": str(channel), "language": language}
    record_event(kind=events.DRAFT_STARTED, subject=draft, actor=account, data=data)
    return draft


def _check_open(version: ProcedureVersion, definition: Definition, channel: str) -> None:
    # Asked anew: a newer version may have been published since the page was read.
    if not Procedure.objects.filter(pk=version.procedure_id, published=version.pk, is_retired=False).exists():
        raise ProceduresError(_("この手続は、いま受け付けていません。手続の一覧から、今の受付をお確かめください。"))
    if channel == Channel.ONLINE and "online" not in definition.channels:
        raise ProceduresError(_("この手続は、オンラインでは受け付けていません。窓口か郵送で申請してください。"))


def _fill(draft: Draft, definition: Definition, *, actor: Account | None, proxy: Proxy | None) -> None:
    """Put in defaults, then what an earlier application said, then (with an actor) what the city knows."""
    answers = defaults(definition)
    origins: dict[str, Any] = {}
    if draft.earlier is not None:
        copied = copied_answers(definition=definition, earlier=draft.earlier)
        answers |= copied
        when = clock.local(draft.earlier.submitted_at).date().isoformat()
        origin = {"kind": "earlier", "source": draft.earlier.number, "label": draft.earlier.number, "as_of": when}
        origins |= {code: {**origin, "value": value} for code, value in copied.items()}
    if actor is not None:
        values, found = prefilled(definition=definition, actor=actor, proxy=proxy)
        answers |= values
        origins |= found
    draft.answers, draft.origins = compute(definition, answers), origins


def copied_answers(*, definition: Definition, earlier: Application) -> dict[str, Any]:
    """Return the answers of an earlier application that a new one may begin with."""
    fields = [field for field in definition.form.fields() if not _holds_what_is_never_copied(field)]
    return {field.code: earlier.answers[field.code] for field in fields if field.code in earlier.answers}


def _holds_what_is_never_copied(field: FormField) -> bool:
    return field.component in NEVER_COPIED or any(part.component in NEVER_COPIED for part in field.fields)


@transaction.atomic
def save_step(
    *,
    draft: Draft,
    step: str,
    answers: Mapping[str, Any],
    seen_revision: int,
    actor: Account | None = None,
    language: str = "",
) -> Draft:
    """
    Keep the answers of one step, whatever they are, and return the draft as it stands.

    Only fields of the step are taken; None takes an answer away, a field that is not there stays. Raises
    ``StaleDraftError`` where another window saved this very step after ``seen_revision`` with other answers, and
    ``DraftMissingError`` where the draft is gone. A draft without an account becomes that of a resident who has signed in.
    """
    current = _locked(draft)
    definition = current.version.definition
    found = definition.form.step(step)
    if found is None:
        raise ProceduresError(_("この手続に、この入力ページはありません。"))
    mine = {field.code for field in found.fields if field.asks}
    given = {code: value for code, value in answers.items() if code in mine}
    stored = {code: current.answers.get(code) for code in given}
    if int(current.done_steps.get(step, 0)) > seen_revision and given != stored:
        raise StaleDraftError(
            _("このページは、ほかの画面で先に保存されました。どちらの回答を使うかを選んでください。"),
            answers=stored,
            revision=current.revision,
        )
    merged = {code: value for code, value in (current.answers | given).items() if value is not None}
    current.answers = compute(definition, merged)
    current.origins = {
        code: origin
        for code, origin in current.origins.items()
        if code not in given or given[code] == origin.get("value")
    }
    current.revision += 1
    current.step = step
    current.done_steps = {**current.done_steps, step: current.revision}
    _touch(current, actor, language)
    current.save()
    if current.bundle:
        carry_over(draft=current, step=step)
    return current


def _locked(draft: Draft) -> Draft:
    current = (
        Draft.objects.select_for_update(of=("self",)).select_related("version__procedure").filter(pk=draft.pk).first()
    )
    if current is None:
        raise DraftMissingError
    return current


def _touch(draft: Draft, actor: Account | None, language: str) -> None:
    if draft.account_id is None and actor is not None and actor.is_resident:
        draft.account = actor
    draft.language = language or draft.language
    draft.saved_at = clock.now()
    draft.expires_at = draft.saved_at + KEPT


@transaction.atomic
def put_answer(*, draft: Draft, field: str, value: Any) -> Draft:
    """Set one answer of a draft the server itself knows (a file that was taken in or away) and return the draft."""
    current = _locked(draft)
    current.answers = compute(current.version.definition, {**current.answers, field: value})
    current.revision += 1
    _touch(current, None, "")
    current.save()
    return current


@transaction.atomic
def adopt_draft(*, draft: Draft, actor: Account) -> Draft:
    """Give a draft that has no account to a resident who holds it and has signed in."""
    current = _locked(draft)
    _touch(current, actor, "")
    current.save()
    return current


@transaction.atomic
def discard_draft(*, draft: Draft, actor: Account | None) -> None:
    """Throw a draft and its files away for good."""
    record_event(
        kind=events.DRAFT_DISCARDED, subject=draft, actor=actor, data={"procedure": draft.version.procedure.code}
    )
    remove_draft(draft=draft, actor=actor)


def remove_draft(*, draft: Draft, actor: Account | None = None) -> None:
    """Delete a draft with the files nothing else holds."""
    for attachment in Attachment.objects.filter(draft=draft).select_related("stored"):
        attachment.delete()
        discard_file(stored=attachment.stored, actor=actor)
    draft.delete()


def expire_drafts() -> int:
    """Delete drafts of the municipality in scope whose time has passed; return how many."""
    number = 0
    for draft in Draft.objects.filter(expires_at__lte=clock.now()).select_related("version__procedure"):
        with transaction.atomic():
            data = {"procedure": draft.version.procedure.code}
            record_event(kind=events.DRAFT_EXPIRED, subject=draft, data=data)
            remove_draft(draft=draft)
        number += 1
    return number
