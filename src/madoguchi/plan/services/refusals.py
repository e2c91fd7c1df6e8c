"""Services that refuse leave no trace but the event of the refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from madoguchi.trust.api import Account, current_municipality, record_event
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.events import EventType

from ..errors import PlanError

P = ParamSpec("P")
R = TypeVar("R")


def recording_refusals(kind: EventType, *, subject: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """
    Run a service in one transaction; when it refuses, write ``kind`` after the rollback and raise the error on.

    ``subject`` is the name of the keyword argument that the event is about. The event says which service refused and
    the kind of error, no more.
    """

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def guarded(*args: P.args, **arguments: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    return service(*args, **arguments)
            except (PlanError, RefusedError) as error:
                _record(kind, arguments.get(subject), arguments.get("actor"), service.__name__, error)
                raise

        return guarded

    return decorate


def _record(kind: EventType, subject: Any, actor: Any, action: str, error: Exception) -> None:
    known = isinstance(subject, models.Model) and subject.pk is not None
    record_event(
        kind=kind,
        subject=subject if known else current_municipality(),
        actor=actor if isinstance(actor, Account) and actor.is_authenticated else None,
        data={"action": action, "reason": type(error).__name__},
    )
