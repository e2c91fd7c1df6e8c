"""The process of the simulated LINE: HTTP on loopback, nothing but the standard library around it."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from . import pages
from .control import Control
from .messaging_api import Answer, MessagingApi, Request, new_request_id
from .store import ApiError, Bot, Store
from .webhooks import Webhooks

LARGEST_BODY = 12_000_000


class Simulator(ThreadingHTTPServer):
    """LINE: its accounts and friends, its API, its webhooks."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, *, seed: str, file: Path | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.base_url = f"http://127.0.0.1:{self.server_address[1]}"
        self.store = Store(self.base_url, seed, file)
        self.api = MessagingApi(self.store)
        self.webhooks = Webhooks(self.store)
        self.control = Control(self.store, self.webhooks)

    def server_close(self) -> None:
        """Stop listening and delivering."""
        self.webhooks.stop()
        super().server_close()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Simulator
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answer a GET."""
        self._dispatch("GET")

    def do_POST(self) -> None:
        """Answer a POST."""
        self._dispatch("POST")

    def do_PUT(self) -> None:
        """Answer a PUT."""
        self._dispatch("PUT")

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._dispatch("DELETE")

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the terminal belongs to whoever started us."""

    def _dispatch(self, method: str) -> None:
        parts = urlsplit(self.path)
        path = [unquote(part) for part in parts.path.split("/") if part]
        query = dict(parse_qsl(parts.query))
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY))
        try:
            self._routed(method, path, query, body)
        except ApiError as error:
            self._answer(Answer(error.content, error.status, error.headers))
        except ConnectionAbortedError:
            self.close_connection = True
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            self._answer(Answer({"message": f"The request body could not be read ({error})"}, 400))

    def _routed(self, method: str, path: list[str], query: dict[str, str], body: bytes) -> None:
        match path:
            case ["v2", "bot", *rest]:
                headers = {name.lower(): value for name, value in self.headers.items()}
                self._answer(self.server.api.answer(Request(method, rest, query, headers, body)))
            case ["oauth2", "v3", "token"]:
                form = dict(parse_qsl(body.decode()))
                self._answer(Answer(self.server.store.issue_token(form["client_id"], form["client_secret"])))
            case ["simulator", *rest]:
                content = json.loads(body) if body else {}
                self._answer(Answer(self.server.control.do(method, rest, content)))
            case _:
                self._page(method, path, query, body)

    # What people see.
    def _page(self, method: str, path: list[str], query: dict[str, str], body: bytes) -> None:
        form = {key: values[0] for key, values in parse_qs(body.decode(), keep_blank_values=True).items()}
        store = self.server.store
        match (method, path):
            case ("GET", []):
                self._html(pages.start(store.bots))
            case ("GET", ["style.css"]):
                self._answer(Answer(raw=pages.STYLE.encode(), kind="text/css; charset=utf-8"))
            case ("GET", ["healthz"]):
                self._answer(Answer(raw=b"ok", kind="text/plain; charset=utf-8"))
            case ("GET", ["dialog", "bot", "accountLink"]):
                self._link_account(query)
            case ("GET", ["add", key]):
                self._html(pages.adding(store.bot(key)))
            case ("POST", ["add", key]):
                self._redirect(self._added(store.bot(key), form))
            case ("GET", ["chats", key]):
                self._html(pages.chats(store.bot(key), query))
            case ("GET", ["chats", key, user]):
                bot = store.bot(key)
                self._html(pages.chat(bot, store.friend(bot, user), self.server.api.menus.shown_to(bot, user)))
            case ("POST", ["chats", key, user]):
                self._pressed(store.bot(key), user, form)
            case ("GET", ["menus", key, menu]):
                found = self.server.api.menus.get(store.bot(key), menu)
                self._answer(Answer(raw=found.picture, kind=found.kind))
            case _:
                self._html(pages.missing(), 404)

    def _added(self, bot: Bot, form: dict[str, str]) -> str:
        friend = self.server.store.add_friends(
            bot, 1, language=form.get("language", "ja"), name=form.get("name", "").strip()[:20]
        )[0]
        self.server.webhooks.follow(bot, [friend])
        self.server.store.save()
        return f"/chats/{bot.key}/{friend.user}"

    def _pressed(self, bot: Bot, user: str, form: dict[str, str]) -> None:
        friend, webhooks = self.server.store.friend(bot, user), self.server.webhooks
        match form.get("do", ""):
            case "say" if form.get("text", "").strip():
                webhooks.message(bot, friend, form["text"].strip())
            case "press":
                params = {"date": form["date"]} if form.get("date") else {}
                webhooks.postback(bot, friend, form["data"], params, form.get("shown", ""))
            case "block":
                webhooks.unfollow(bot, [friend])
            case "unblock":
                webhooks.follow(bot, [friend])
        self.server.store.save()
        self._redirect(f"/chats/{bot.key}/{user}#end")

    def _link_account(self, query: dict[str, str]) -> None:
        if len(query.get("nonce", "")) < 10:
            raise ApiError(400, "The nonce is too short.")
        bot, user = self.server.store.use_link(query.get("linkToken", ""))
        self.server.webhooks.account_link(bot, self.server.store.friend(bot, user), query["nonce"])
        self._html(pages.linked(bot, user))

    # Writing.
    def _html(self, text: str, status: int = 200) -> None:
        self._answer(Answer(raw=text.encode(), kind="text/html; charset=utf-8", status=status))

    def _redirect(self, address: str) -> None:
        self._answer(Answer(raw=b"", status=303, headers={"Location": address}))

    def _answer(self, answer: Answer) -> None:
        content = json.dumps(answer.content, ensure_ascii=False).encode() if answer.raw is None else answer.raw
        self.send_response(answer.status)
        headers = {"X-Line-Request-Id": new_request_id(), **answer.headers}
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def serve(port: int, *, seed: str, webhooks: dict[str, str], file: Path | None = None) -> None:
    """
    Run LINE until it is stopped; port 0 takes a free one. Says on standard output where it listens.

    ``webhooks``: municipality key → the address its account tells of what happens.
    """
    with Simulator(port, seed=seed, file=file) as server:
        for key, address in webhooks.items():
            server.store.bot(key).webhook = address
        print(f"LINE（模擬）: {server.base_url}", flush=True)  # noqa: T201 - the process's one word to its starter
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            return
