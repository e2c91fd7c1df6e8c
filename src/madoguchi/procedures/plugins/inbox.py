"""Applications as threads of the inbox: the conversation of each, and answers from there."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import ids
from madoguchi.messaging.registry import InboxSource, ThreadEntry
from madoguchi.trust.api import Account, RefusedError

from ..enums import Side
from ..errors import ProceduresError
from ..models import Application
from ..permissions import application_policy
from ..selectors.timeline import Entry, timeline
from ..services.applying import mark_read, send_message
from ..services.telling import KEY


def _own(account: Account, number: str) -> Application:
    """Return an application to its applicant or the person it is for; raises ``RefusedError`` for everybody else."""
    canonical = ids.parse_case_number(number) or ""
    listed = Application.objects.select_related("version", "procedure__unit", "case", "on_behalf_of")
    found = listed.defer("version__document", "case__state").filter(number=canonical).first()
    if found is None or not application_policy.allows(account, "act", found):
        raise RefusedError(application_policy.reason("act"), action="act", actor=account, subject=found)
    return found


def title(account: Account, number: str) -> str:
    """Return the name of the procedure and the number of the application."""
    application = _own(account, number)
    name = application.version.definition.name.in_language(get_language() or "ja")
    return _("%(name)s（受付番号 %(number)s）") % {"name": name, "number": application.number}


def entries(account: Account, number: str) -> list[ThreadEntry]:
    """Return the conversation, the first entry first; what the city wrote counts as read with that."""
    application = _own(account, number)
    unit = application.procedure.unit
    section = unit.name if unit is not None else application.municipality.name
    found = [_entry(entry, application, section) for entry in timeline(application)]
    mark_read(application=application, side=Side.APPLICANT)
    return found


def _entry(entry: Entry, application: Application, section: str) -> ThreadEntry:
    is_own = entry.side == Side.APPLICANT
    text = entry.text if entry.kind == "message" else "\n".join(part for part in (entry.title, entry.text) if part)
    files = tuple((file.stored.name, reverse("mine:file", args=[application.number, file.pk])) for file in entry.files)
    return ThreadEntry(
        side="person" if is_own else "city",
        author=_("あなた") if is_own else section,
        at=entry.at or application.submitted_at,
        text=text,
        files=files,
    )


def reply(account: Account, number: str, text: str) -> None:
    """Write to the section in charge; raises ``RefusedError`` for somebody else's application, or a text that cannot be sent."""
    application = _own(account, number)
    try:
        send_message(application=application, side=Side.APPLICANT, text=text, actor=account)
    except ProceduresError as error:
        raise RefusedError(str(error), action="message", actor=account, subject=application) from error


APPLICATIONS = InboxSource(key=KEY, label=N_("手続"), title=title, entries=entries, reply=reply)
"""Applications (申請) in the inbox."""
