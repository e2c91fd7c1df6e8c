"""The doors to drafts and applications: nobody reads one in another way, and staff's looks are written down."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from madoguchi.kit import ids
from madoguchi.trust.api import (
    Account,
    PreparedQuery,
    RefusedError,
    is_staff,
    log_access,
    municipality_in_scope,
    record_event,
)

from ... import events
from ...errors import DraftMissingError
from ...models import Application, Draft
from ...permissions import application_policy
from ...rules import codes

Secrets = str | Sequence[str]


def access_draft(*, actor: Account | None, key: str, secrets: Secrets = "") -> Draft:
    """
    Return a draft to whom it belongs: its account, or who shows the secret of the browser or the resume code.

    Raises ``DraftMissingError`` for one that is not there, has expired, or belongs to somebody else; the last is recorded.
    """
    draft = find_draft(key)
    if draft is None:
        raise DraftMissingError
    return require_holder(draft=draft, actor=actor, secrets=secrets)


def require_holder(*, draft: Draft, actor: Account | None, secrets: Secrets = "") -> Draft:
    """Return a draft that was found to its holder; raises ``DraftMissingError`` for everybody else, and records it."""
    if not holds_draft(draft=draft, actor=actor, secrets=secrets):
        data = {"draft": draft.pk, "action": "view"}
        record_event(kind=events.DRAFT_REFUSED, subject=municipality_in_scope(), actor=actor, data=data)
        raise DraftMissingError
    return draft


def find_draft(key: str) -> Draft | None:
    """Return a draft that has not expired, whoever it belongs to; only to be judged by ``require_holder``."""
    # The document of the version is read only where its definition is not known already.
    listed = Draft.objects.select_related("version__procedure__unit", "on_behalf_of").defer("version__document")
    return _found(listed, key)


def find_draft_to_send(key: str) -> Draft | None:
    """Return what ``find_draft`` does with no more than sending needs: many may send in the same minute."""
    return _judged(_to_send.first(key=key)) if ids.is_ulid(key) else None


_NOT_SENT = tuple(
    f"version__{name}"
    for name in (
        *("document", "status", "revision", "name", "category", "based_on"),
        *("edited_by", "edited_at", "published_by", "published_at"),
    )
)
_to_send = PreparedQuery(
    Draft, lambda rows, key: rows.filter(key=key).select_related("version__procedure").defer(*_NOT_SENT)
)


def _found(listed: QuerySet[Draft], key: str) -> Draft | None:
    return _judged(listed.filter(key=key).order_by().first()) if ids.is_ulid(key) else None


def _judged(found: Draft | None) -> Draft | None:
    return None if found is None or found.is_expired else found


def holds_draft(*, draft: Draft, actor: Account | None, secrets: Secrets = "") -> bool:
    """Tell whether a draft belongs to the actor; one with an account belongs to that account alone."""
    if draft.account_id is not None:
        return actor is not None and actor.pk == draft.account_id
    shown = as_list(secrets)
    return codes.opens(draft.secret_digest, shown) or codes.opens(draft.resume_digest, shown)


def access_application(
    *, actor: Account | None, number: str, purpose: str, secret: Secrets = "", address: str | None = None
) -> Application:
    """
    Return an application to its applicant, the person it is for, staff in charge, or who shows its secret.

    Looks of others than the applicant are logged with their purpose. Raises ``Application.DoesNotExist`` for a number there
    is not, and ``RefusedError``.
    """
    canonical = ids.parse_case_number(number) or ""
    listed = Application.objects.select_related("version", "procedure__unit", "case", "on_behalf_of")
    application = listed.defer("version__document", "case__state").get(number=canonical)
    if holds_application(application=application, actor=actor, secret=secret):
        return application
    application_policy.require(actor, "view", application)
    log_access(actor=actor, subject=application, purpose=purpose, address=address)
    return application


def holds_application(*, application: Application, actor: Account | None, secret: Secrets = "") -> bool:
    """Tell whether somebody is the applicant: by account, by being the person applied for, or by the secret."""
    if application_policy.allows(actor, "act", application):
        return True
    return not is_staff(actor, None) and codes.opens(application.secret_digest, as_list(secret))


def require_applicant(
    *, application: Application, actor: Account | None, secret: Secrets = "", action: str = "act"
) -> None:
    """Do nothing for the applicant; raise ``RefusedError`` for everybody else."""
    if not holds_application(application=application, actor=actor, secret=secret):
        message = application_policy.reason("act")
        raise RefusedError(message, action=action, actor=actor, subject=application)


def as_list(secrets: Secrets) -> list[str]:
    """Return secrets as a list, however they were given."""
    return [secrets] if isinstance(secrets, str) else list(secrets)
