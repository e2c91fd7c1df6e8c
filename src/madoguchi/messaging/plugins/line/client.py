"""Asking the Messaging API, through LINE's own SDK."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from django.utils.translation import gettext as _

from ...errors import MessagingError
from ...rules.line import detail_of
from .account import LineAccount

if TYPE_CHECKING:
    from linebot.v3.messaging import MessagingApi

T = TypeVar("T")
ACCEPTED_HEADER, REQUEST_HEADER = "x-line-accepted-request-id", "x-line-request-id"
BUSY_SECONDS, DEAD_SECONDS, DENIED_SECONDS, LONGEST = 30, 60, 600, 3600
TOKEN_MARGIN = 60


class LineBusyError(MessagingError):
    """
    LINE did not do it now; try again after ``retry_seconds``.

    ``is_unsure``: it may have been done all the same (the answer was lost), so it must be asked again as it was.
    """

    def __init__(self, message: str, *, retry_seconds: int, is_unsure: bool) -> None:
        super().__init__(message)
        self.retry_seconds = retry_seconds
        self.is_unsure = is_unsure


class LineRefusedError(MessagingError):
    """LINE will not do it: the HTTP status, and which properties of the request it names."""

    def __init__(self, message: str, *, status: int, properties: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.properties = properties


class LineClient:
    """One account's door to the Messaging API. Safe for threads; keeps its connections."""

    def __init__(self, account: LineAccount) -> None:
        self.account = account
        self._lock = Lock()
        self._token, self._token_ends = account.access_token, float("inf") if account.access_token else 0.0
        self._made: MessagingApi | None = None

    def send(self, request: Mapping[str, Any], *, key: str) -> str:
        """
        Send to one (``to`` is a text: push) or to up to 500 people (multicast) and return LINE's number of the request.

        With the same key within 24 hours LINE does it once; the number is then that of the first time.
        """
        from linebot.v3.messaging import MulticastRequest, PushMessageRequest

        content, options = dict(request), {"x_line_retry_key": key, **self.limits}
        if isinstance(request["to"], str):
            return self._sent(
                lambda api: api.push_message_with_http_info(PushMessageRequest.from_dict(content), **options)
            )
        return self._sent(lambda api: api.multicast_with_http_info(MulticastRequest.from_dict(content), **options))

    def reply(self, token: str, messages: Sequence[Mapping[str, Any]]) -> None:
        """Answer an event; a reply token is good once, for about a minute."""
        from linebot.v3.messaging import ReplyMessageRequest

        content = {"replyToken": token, "messages": list(messages)}
        self.ask(lambda api: api.reply_message(ReplyMessageRequest.from_dict(content), **self.limits))

    def quota(self) -> tuple[int | None, int]:
        """Return how many messages a month may be sent (None: as many as wanted) and how many were."""
        limit = self.ask(lambda api: api.get_message_quota(**self.limits))
        used = self.ask(lambda api: api.get_message_quota_consumption(**self.limits))
        return limit.value if limit.type == "limited" else None, used.total_usage

    def link_token(self, user: str) -> str:
        """Return a token with which a user can link this account with one of the city's."""
        return str(self.ask(lambda api: api.issue_link_token(user, **self.limits)).link_token)

    def ask(self, question: Callable[[MessagingApi], T]) -> T:
        """Ask anything of the API; raises ``LineBusyError`` or ``LineRefusedError``."""
        return self._judged(lambda: question(self._api()))

    def upload_menu_picture(self, menu_id: str, picture: bytes, kind: str = "image/png") -> None:
        """
        Give a rich menu its picture; raises like ``ask``.

        Not by the SDK: its methods for pictures know no other host than LINE's own.
        """
        import httpx

        self._api()
        address = f"{self.account.data_url.rstrip('/')}/v2/bot/richmenu/{quote(menu_id, safe='')}/content"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        try:
            answer = httpx.post(address, content=picture, headers=headers, timeout=self.account.timeout)
        except httpx.HTTPError as error:
            message = _("LINEにつながりません（%(why)s）。") % {"why": type(error).__name__}
            raise LineBusyError(message, retry_seconds=DEAD_SECONDS, is_unsure=True) from error
        if not answer.is_success:
            raise _judge(answer.status_code, answer.content, answer.headers)

    @property
    def limits(self) -> dict[str, Any]:
        """Return the arguments that limit the time of a question."""
        return {"_request_timeout": (min(self.account.timeout, 5.0), self.account.timeout)}

    def _sent(self, question: Callable[[MessagingApi], Any]) -> str:
        try:
            answer = self.ask(question)
        except LineRefusedError as error:
            if error.status != 409:
                raise
            return str(error.args[1] if len(error.args) > 1 else "")
        return str((answer.headers or {}).get(REQUEST_HEADER, ""))

    def _judged(self, question: Callable[[], T]) -> T:
        from linebot.v3.messaging.exceptions import ApiException
        from linebot.v3.oauth.exceptions import ApiException as TokenException
        from pydantic.v1 import ValidationError
        from urllib3.exceptions import HTTPError

        try:
            return question()
        except (ApiException, TokenException) as error:
            raise _judge(error.status or 0, error.body, error.headers or {}) from error
        except HTTPError as error:
            message = _("LINEにつながりません（%(why)s）。") % {"why": type(error).__name__}
            raise LineBusyError(message, retry_seconds=DEAD_SECONDS, is_unsure=not _never_left(error)) from error
        except ValidationError as error:
            raise LineRefusedError(
                _("LINEに送れない形です：%(why)s") % {"why": str(error)[:150]}, status=400
            ) from error

    def _api(self) -> MessagingApi:
        from linebot.v3.messaging import ApiClient, Configuration, MessagingApi

        with self._lock:
            if self._made is None or time.monotonic() > self._token_ends:
                if not self.account.access_token:
                    self._token, lasts = self._short_lived_token()
                    self._token_ends = time.monotonic() + lasts - TOKEN_MARGIN
                settings = Configuration(host=self.account.base_url, access_token=self._token)
                settings.retries = False
                self._made = MessagingApi(ApiClient(settings))
                self._made.line_base_path = self.account.base_url.rstrip("/")
            return self._made

    def _short_lived_token(self) -> tuple[str, int]:
        from linebot.v3.oauth import ApiClient, ChannelAccessToken, Configuration

        settings = Configuration(host=self.account.base_url)
        settings.retries = False
        door = ChannelAccessToken(ApiClient(settings))
        door.line_base_path = self.account.base_url.rstrip("/")
        given = door.issue_stateless_channel_token(
            grant_type="client_credentials",
            client_id=self.account.channel_id,
            client_secret=self.account.channel_secret,
            **self.limits,
        )
        return str(given.access_token), int(given.expires_in)


def _never_left(error: Exception) -> bool:
    from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

    return isinstance(error, NewConnectionError | ConnectTimeoutError | NameResolutionError)


def _judge(status: int, body: Any, headers: Mapping[str, Any]) -> MessagingError:
    """Return what an answer that is not a success means."""
    try:
        answer = json.loads(body or "{}")
    except (ValueError, TypeError):
        answer = {}
    detail, properties = detail_of(answer if isinstance(answer, dict) else {})
    words = {"status": status, "detail": detail}
    if status == 409 and headers.get(ACCEPTED_HEADER):
        error = LineRefusedError(detail, status=409)
        error.args = (detail, headers[ACCEPTED_HEADER])
        return error
    if status == 429 and "monthly limit" in detail:
        return LineRefusedError(_("LINEの今月の送信数の上限に達しました（%(detail)s）。") % words, status=429)
    if status == 429:
        message = _("LINEが混み合っています（%(detail)s）。")
        return LineBusyError(message % words, retry_seconds=_wait(headers, BUSY_SECONDS), is_unsure=False)
    if status == 401:
        message = _("LINEの接続の鍵が受け付けられません（%(detail)s）。MADOGUCHI_LINE をお確かめください。")
        return LineBusyError(message % words, retry_seconds=DENIED_SECONDS, is_unsure=False)
    if status >= 500 or status == 0:
        message = _("LINEが応答できません（%(status)s %(detail)s）。")
        return LineBusyError(message % words, retry_seconds=_wait(headers, DEAD_SECONDS), is_unsure=True)
    message = _("LINEが受け付けませんでした（%(status)s %(detail)s）。")
    return LineRefusedError(message % words, status=status, properties=properties)


def _wait(headers: Mapping[str, Any], usual: int) -> int:
    text = str(headers.get("retry-after", ""))
    return max(1, min(int(text), LONGEST)) if text.isascii() and text.isdecimal() else usual


@lru_cache(maxsize=64)
def client_of(account: LineAccount) -> LineClient:
    """Return the door of an account, the same one each time, with its connections open."""
    return LineClient(account)
