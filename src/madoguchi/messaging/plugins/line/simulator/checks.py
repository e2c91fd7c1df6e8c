"""What the simulated LINE refuses: the limits of the Messaging API, with the words of its answers."""

from __future__ import annotations

from typing import Any

from ....rules.line import CHUNK, MOST_MESSAGES, POSTBACK_LIMIT, TEXT_LIMIT, UNIT_LIMIT, USER, measure
from .store import ApiError

ACTIONS = {
    "postback",
    "message",
    "uri",
    "datetimepicker",
    "camera",
    "cameraRoll",
    "location",
    "richmenuswitch",
    "clipboard",
}
KINDS = {
    "text": ("text",),
    "textV2": ("text",),
    "flex": ("altText", "contents"),
    "template": ("altText", "template"),
    "sticker": ("packageId", "stickerId"),
    "image": ("originalContentUrl", "previewImageUrl"),
    "location": ("title", "address", "latitude", "longitude"),
}
Problems = list[tuple[str, str]]


def check_send(kind: str, body: Any) -> None:
    """Raise ``ApiError`` 400 unless a push, multicast, reply or broadcast is as it must be."""
    if not isinstance(body, dict):
        raise ApiError(400, "The request body could not be parsed as JSON")
    problems: Problems = []
    if kind in ("push", "multicast"):
        problems += _receivers(kind, body.get("to"))
    if kind == "reply" and not isinstance(body.get("replyToken"), str):
        problems.append(("replyToken", "May not be empty"))
    problems += message_problems(body.get("messages"))
    units = body.get("customAggregationUnits", [])
    if len(units) > 1 or any(not 1 <= len(unit) <= UNIT_LIMIT for unit in units):
        problems.append(("customAggregationUnits", "Size must be between 0 and 1"))
    _refuse(problems)


def check_messages(body: Any) -> None:
    """Raise ``ApiError`` 400 unless the messages of a validation request are as they must be."""
    _refuse(message_problems(body.get("messages") if isinstance(body, dict) else None))


def _refuse(problems: Problems) -> None:
    if problems:
        raise ApiError(400, f"The request body has {len(problems)} error(s)", problems)


def _receivers(kind: str, to: Any) -> Problems:
    if kind == "push":
        return (
            []
            if isinstance(to, str) and USER.fullmatch(to)
            else [("to", "The property, 'to', in the request body is invalid")]
        )
    if not isinstance(to, list) or not 1 <= len(to) <= CHUNK:
        return [("to", f"Size must be between 1 and {CHUNK}")]
    return [
        (f"to[{place}]", "The value is not a valid user ID")
        for place, user in enumerate(to)
        if not isinstance(user, str) or not USER.fullmatch(user)
    ]


def message_problems(messages: Any) -> Problems:
    """Return what is wrong with message objects."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST_MESSAGES:
        return [("messages", f"Size must be between 1 and {MOST_MESSAGES}")]
    problems: Problems = []
    for place, message in enumerate(messages):
        problems += _message(f"messages[{place}]", message)
    return problems


def _message(where: str, message: Any) -> Problems:
    if not isinstance(message, dict) or message.get("type") not in KINDS:
        return [(f"{where}/type", "Must be one of the following values: [text, flex, template, …]")]
    problems = [(f"{where}/{name}", "May not be empty") for name in KINDS[message["type"]] if not message.get(name)]
    text = message.get("text")
    if isinstance(text, str) and measure(text) > TEXT_LIMIT:
        problems.append((f"{where}/text", f"Length must be between 0 and {TEXT_LIMIT}"))
    if measure(str(message.get("altText", ""))) > 1500:
        problems.append((f"{where}/altText", "Length must be between 0 and 1500"))
    items = message.get("quickReply", {}).get("items", [])
    if "quickReply" in message and not 1 <= len(items) <= 13:
        problems.append((f"{where}/quickReply/items", "Size must be between 1 and 13"))
    return problems + _actions(where, message)


def _actions(where: str, part: Any) -> Problems:
    """Look for actions however deep, and at what is empty in a flex message."""
    problems: Problems = []
    if isinstance(part, list):
        for place, one in enumerate(part):
            problems += _actions(f"{where}[{place}]", one)
    if not isinstance(part, dict):
        return problems
    if part.get("type") == "text" and "text" in part and not str(part["text"]):
        problems.append((f"{where}/text", "must be non-empty text"))
    if part.get("type") == "box" and not part.get("contents") and part.get("contents") != []:
        problems.append((f"{where}/contents", "must be specified"))
    for name, one in part.items():
        if name in ("action", "defaultAction") and isinstance(one, dict):
            problems += _action(f"{where}/{name}", one)
        elif name == "actions" and isinstance(one, list):
            for place, action in enumerate(one):
                problems += _action(f"{where}/actions[{place}]", action)
        else:
            problems += _actions(f"{where}/{name}", one)
    return problems


def _action(where: str, action: dict[str, Any]) -> Problems:
    if action.get("type") not in ACTIONS:
        return [(f"{where}/type", "invalid action type")]
    problems = []
    if measure(str(action.get("label", ""))) > 40:
        problems.append((f"{where}/label", "Length must be between 0 and 40"))
    if len(str(action.get("data", ""))) > POSTBACK_LIMIT:
        problems.append((f"{where}/data", f"Length must be between 0 and {POSTBACK_LIMIT}"))
    if action["type"] == "uri" and not str(action.get("uri", "")).startswith(
        ("https://", "http://", "line://", "tel:")
    ):
        problems.append((f"{where}/uri", "invalid uri scheme"))
    return problems


def check_menu(body: Any) -> None:
    """Raise ``ApiError`` 400 unless a rich menu is as it must be."""
    size, areas = body.get("size", {}), body.get("areas", [])
    width, height = size.get("width", 0), size.get("height", 0)
    problems: Problems = []
    if not (800 <= width <= 2500 and height >= 250 and width / height >= 1.45):
        problems.append(("size", "invalid rich menu size"))
    if not 0 < len(body.get("name", "")) <= 300:
        problems.append(("name", "Length must be between 1 and 300"))
    if not 0 < len(body.get("chatBarText", "")) <= 14:
        problems.append(("chatBarText", "Length must be between 1 and 14"))
    if not 0 < len(areas) <= 20:
        problems.append(("areas", "Size must be between 1 and 20"))
    for place, area in enumerate(areas):
        bounds = area.get("bounds", {})
        if bounds.get("x", 0) + bounds.get("width", 0) > width or bounds.get("y", 0) + bounds.get("height", 0) > height:
            problems.append((f"areas[{place}].bounds", "outside of the menu"))
        problems += _action(f"areas[{place}].action", area.get("action", {}))
    _refuse(problems)
