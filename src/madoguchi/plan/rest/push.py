"""Receiving actual values from outside systems."""

from __future__ import annotations

import contextlib
from typing import Annotated, Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as N_
from ninja import Header, Path, Router
from ninja.errors import HttpError
from ninja.responses import Status
from ninja.security import HttpBearer

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import acting_for

from ..models import PushToken
from ..schema import Problem, PushedActual, PushIn
from ..services.push import Pushed, PushRefusedError, find_token, note_refusal, push_actual
from .common import Key, municipality_of

router = Router()

REFUSALS = frozenset({400, 401, 403, 404, 409, 422, 429})
GUESSES_PER_MINUTE = 30
IndicatorId = Annotated[int, Path(ge=1, le=2**63 - 1, description="指標番号")]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=100,
        pattern=r"^[\x21-\x7e]*$",
        description="同じキーの送信は一度だけ受け付け、同じ応答を返します",
    ),
]


class PushAuth(HttpBearer):
    """``Authorization: Bearer`` with a token that was issued for this indicator."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Any:
        """Ask for the header in words where it is missing."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise HttpError(401, "Authorization: Bearer に続けて、計画の事務局が発行した送信トークンを付けてください。")
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> PushToken:
        """Return the token; a wrong one is answered with what to do, and slowed down when somebody guesses."""
        indicator_id = _indicator_id(request)
        owner = municipality_of(request, request.GET.get("municipality"))
        _bound_guesses(request)
        with acting_for(owner):
            try:
                found = find_token(secret=token, indicator_id=indicator_id)
            except PushRefusedError as error:
                _count_guess(request)
                note_refusal(error=error, indicator_id=indicator_id)
                raise HttpError(error.status, str(error)) from error
        return found


def _indicator_id(request: HttpRequest) -> int:
    match = request.resolver_match
    return plain_integer(str(match.kwargs.get("indicator_id", "")) if match else "") or 0


def _guess_key(request: HttpRequest) -> str:
    return f"plan-push-guess:{request.META.get('REMOTE_ADDR', '')}"


def _bound_guesses(request: HttpRequest) -> None:
    if cache.get(_guess_key(request), 0) >= GUESSES_PER_MINUTE:
        raise HttpError(
            429, "正しくない送信トークンが続いたため、受け付けを止めています。1分待ってから送ってください。"
        )


def _count_guess(request: HttpRequest) -> None:
    key = _guess_key(request)
    cache.add(key, 0, timeout=60)
    with contextlib.suppress(ValueError):  # the minute may end between the two
        cache.incr(key)


@router.post(
    "/indicators/{indicator_id}/actuals",
    auth=PushAuth(),
    response={frozenset({200, 201}): PushedActual, REFUSALS: Problem},
    summary=N_("実績の送信"),
)
def push(
    request: HttpRequest,
    response: HttpResponse,
    indicator_id: IndicatorId,
    body: PushIn,
    municipality: Key = None,
    idempotency_key: IdempotencyKey = "",
) -> Any:
    """
    Take the actual value of an indicator for a fiscal year.

    Answers 201, or 200 with the first answer where the same Idempotency-Key was sent before.
    """
    with acting_for(municipality_of(request, municipality)):
        try:
            answer = push_actual(token=request.auth, pushed=Pushed(**body.dict()), key=idempotency_key)  # type: ignore[attr-defined]
        except PushRefusedError as error:
            note_refusal(error=error, indicator_id=indicator_id)
            raise HttpError(error.status, str(error)) from error
    if answer.is_repeated:
        response["Idempotent-Replayed"] = "true"
    return Status(200 if answer.is_repeated else 201, answer.body)
