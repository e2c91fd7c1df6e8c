"""What goes to LINE and what the simulated LINE sends, held against LINE's own OpenAPI documents."""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import Any

import pytest

from madoguchi.messaging.plugins.line.compose import card, link, messages_for, postback, text_message
from madoguchi.messaging.plugins.line.simulator.checks import message_problems
from madoguchi.messaging.registry import Outgoing
from tests.shared import shared_path

from .line_city import line_of

yaml = pytest.importorskip("yaml", reason="LINE's documents are YAML")
pytestmark = [pytest.mark.shared]
KINDS = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
USER = "U" + "a" * 32


@cache
def document(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(shared_path("judges", "line", name).read_text(encoding="utf-8")))


class Judge:
    """Holds values against the schemas of a document; what is wrong is listed with its place."""

    def __init__(self, name: str) -> None:
        self.schemas = document(name)["components"]["schemas"]

    def problems(self, name: str, value: Any) -> list[str]:
        return list(self._schema(self.schemas[name], value, name))

    def _schema(self, schema: dict[str, Any], value: Any, where: str, *, is_base: bool = False) -> Any:
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rpartition("/")[2]]
        chosen = schema.get("discriminator")
        if chosen and not is_base and isinstance(value, dict):
            target = chosen["mapping"].get(value.get(chosen["propertyName"]), "")
            found = self.schemas.get(target.rpartition("/")[2])
            if found is None:
                yield f"{where}: unknown {chosen['propertyName']}"
                return
            yield from self._schema(found, value, where, is_base=True)
            return
        for part in schema.get("allOf", []):
            yield from self._schema(part, value, where, is_base=True)
        yield from self._limits(schema, value, where)
        if isinstance(value, dict):
            yield from (f"{where}.{name}: missing" for name in schema.get("required", []) if name not in value)
            for name, one in schema.get("properties", {}).items():
                if name in value:
                    yield from self._schema(one, value[name], f"{where}.{name}")
        if isinstance(value, list) and "items" in schema:
            for place, one in enumerate(value):
                yield from self._schema(schema["items"], one, f"{where}[{place}]")

    def _limits(self, schema: dict[str, Any], value: Any, where: str) -> Any:
        kind = KINDS.get(schema.get("type", ""))
        if kind and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            yield f"{where}: not {schema['type']}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where}: {value!r} is not one of them"
        if isinstance(value, str) and not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9):
            yield f"{where}: length"
        if isinstance(value, list) and not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9):
            yield f"{where}: size"


def outgoings() -> list[Outgoing]:
    made = []
    for emergency, drill, language, body in itertools.product(
        (False, True), (False, True), ("ja", "ja-easy", "en"), ("短い。", "長い文。" * 6000)
    ):
        page = "https://city.example/line/read/x/"
        made.append(
            Outgoing(
                1, "K" * 26, USER, {}, language, "件名", body, "短い", page, is_emergency=emergency, is_drill=drill
            )
        )
    return made


def test_every_message_is_what_line_says_a_message_is() -> None:
    judge = Judge("messaging-api.yml")
    for outgoing in outgoings():
        request = {"to": [USER], "messages": messages_for(outgoing), "customAggregationUnits": ["m_1"]}
        assert judge.problems("MulticastRequest", request) == []
        assert message_problems(request["messages"]) == []


def test_every_kind_of_answer_is_what_line_says_an_answer_is() -> None:
    judge = Judge("messaging-api.yml")
    buttons = [postback("メニュー", "menu"), link("開く", "https://city.example/")]
    messages = [text_message("はい", buttons), card(title="題", text="文", buttons=buttons)]
    assert judge.problems("ReplyMessageRequest", {"replyToken": "x", "messages": messages}) == []


def test_the_judge_finds_what_is_wrong() -> None:
    judge = Judge("messaging-api.yml")
    wrong = {"to": [USER] * 501, "messages": [{"type": "text"}, {"type": "strange"}]}
    assert judge.problems("MulticastRequest", wrong) == [
        "MulticastRequest.messages[0].text: missing",
        "MulticastRequest.messages[1]: unknown type",
        "MulticastRequest.to: size",
    ]


@pytest.mark.django_db
@pytest.mark.database
def test_webhooks_of_the_simulated_line_are_what_line_says_they_are(city, settings) -> None:
    judge = Judge("webhook.yml")
    with line_of(city.key, settings) as line:
        friend = line.simulator.store.add_friends(line.bot, 1)[0]
        webhooks = line.simulator.webhooks
        webhooks.follow(line.bot, [friend])
        webhooks.message(line.bot, friend, "こんにちは")
        webhooks.postback(line.bot, friend, "do=child", {"date": "2024-04-01"})
        webhooks.account_link(line.bot, friend, "a" * 43)
        webhooks.unfollow(line.bot, [friend])
        bodies = [json.loads(body) for _headers, body in line.postbox.take(5)]
    assert [body["events"][0]["type"] for body in bodies] == [
        "follow", "message", "postback", "accountLink", "unfollow",
    ]  # fmt: skip
    assert [judge.problems("CallbackRequest", body) for body in bodies] == [[]] * 5
