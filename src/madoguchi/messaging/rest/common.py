"""What the operations share: which program calls, and how refusals are told."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.core.cache import cache
from django.http import HttpRequest
from ninja import Header, Path, Query
from ninja.errors import HttpError
from ninja.security import HttpBearer

from madoguchi.trust.api import MachineToken, RefusedError, find_machine_token

from ..errors import (
    AudienceError,
    ConfirmationError,
    ContentError,
    MessagingError,
    RepeatedKeyError,
    StaleError,
    StatusError,
)

REFUSALS = frozenset({400, 401, 403, 404, 409, 422, 429})
GUESSES_PER_MINUTE = 30
MessageKey = Annotated[str, Path(min_length=1, max_length=26, pattern=r"^[0-9A-Za-z]+$", description="お知らせのキー")]
Limit = Annotated[int, Query(ge=1, le=200, description="1ページの件数（1〜200）")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="先頭から飛ばす件数")]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="同じキーのお知らせは一度だけ作り、同じ応答を返します",
    ),
]


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


@contextmanager
def told() -> Iterator[None]:
    """Turn what the services raise into answers of the API; a ``ContentError`` goes on to the API, which names the fields."""
    try:
        yield
    except ContentError:
        raise
    except AudienceError as error:
        raise ContentError(str(error), [("audience", str(error))]) from error
    except (ConfirmationError, RepeatedKeyError, StaleError, StatusError) as error:
        raise HttpError(409, str(error)) from error
    except RefusedError as error:
        raise HttpError(403, str(error)) from error
    except MessagingError as error:
        raise HttpError(400, str(error)) from error
