"""What the events of an application carry: codes and quantities."""

from __future__ import annotations

from typing import Any

from madoguchi.cases.api import Case

from ...models import Application

KIND = "procedures.application"
"""The kind of the cases of applications."""


def application_of(case: Case) -> Application | None:
    """Return the application a case is about, locked; None for a part of a case, or a case about something else."""
    if case.kind != KIND or case.parent_id is not None:
        return None
    return Application.objects.select_for_update().filter(pk=case.subject_id).first()


def facts_of(application: Application, **more: Any) -> dict[str, Any]:
    """Return the data of an event of an application."""
    return {"procedure": application.procedure.code, "channel": application.channel, **more}
