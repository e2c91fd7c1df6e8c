"""What the operations share: who calls, in which municipality, and how refusals are told."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Path, Query
from ninja.errors import HttpError
from ninja.security import HttpBearer

from madoguchi.trust.api import MachineToken, RefusedError, find_machine_token

from ..errors import (
    AssuranceError,
    ClosedApplicationError,
    FieldsError,
    IncompleteError,
    ProceduresError,
    RepeatedKeyError,
    StaleDraftError,
)
from ..rules.forms import Problem as FormProblem

PUBLIC_REFUSALS = frozenset({400, 404, 422})
REFUSALS = frozenset({400, 401, 403, 404, 409, 422, 429})
GUESSES_PER_MINUTE = 30
CodePath = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9_-]+$", description="手続のコード")]
Number = Annotated[str, Path(max_length=20, pattern=r"^[0-9A-Za-z-]+$", description="受付番号")]
Limit = Annotated[int, Query(ge=1, le=200, description="1ページの件数（1〜200）")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="先頭から飛ばす件数")]


class MachineAuth(HttpBearer):
    """``Authorization: Bearer`` with a machine token that has the scope."""

    openapi_scheme = "bearer"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        """Ask for the header in words where it is missing."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise HttpError(401, "Authorization: Bearer に続けて、管理者が発行した機械連携のトークンを付けてください。")
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> MachineToken:
        """Return the token; guessing is slowed down, and a scope that is missing is named."""
        key = f"machine-guess:{request.META.get('REMOTE_ADDR', '')}"
        if cache.get(key, 0) >= GUESSES_PER_MINUTE:
            raise HttpError(
                429, "正しくないトークンが続いたため、受け付けを止めています。1分待ってから送ってください。"
            )
        found = find_machine_token(secret=token)
        if found is None:
            cache.add(key, 0, timeout=60)
            with contextlib.suppress(ValueError):
                cache.incr(key)
            raise HttpError(
                401, "このトークンは使えません。期限が切れたか、失効しています。管理者にお問い合わせください。"
            )
        if self.scope not in found.scopes:
            raise HttpError(
                403, f"このトークンでは、この操作（{self.scope}）はできません。管理者にお問い合わせください。"
            )
        return found


def described(problems: list[FormProblem]) -> list[dict[str, str]]:
    """Return problems of a form as the errors of a problem document."""
    return [{"field": item.path, "code": item.code, "reason": _sentence(item)} for item in problems]


def _sentence(item: FormProblem) -> str:
    if item.said:
        return item.said.in_language(get_language() or "ja")
    return _(item.message) % item.params if item.params else _(item.message)


@contextmanager
def told() -> Iterator[None]:
    """Turn what the services raise into answers of the API."""
    try:
        yield
    except IncompleteError as error:
        raise FieldsError(str(error), described(list(error.problems))) from error
    except (RepeatedKeyError, StaleDraftError, ClosedApplicationError) as error:
        raise HttpError(409, str(error)) from error
    except (AssuranceError, RefusedError) as error:
        raise HttpError(403, str(error)) from error
    except ProceduresError as error:
        raise HttpError(400, str(error)) from error
