"""What the house's extension attributes say about an element, as plain data that is kept with the specification."""

from __future__ import annotations

from typing import Any

from . import names
from .document import Document, Element

DONE = {"code": "done", "label": "完了"}
"""The outcome of a user task that names none."""


def element_settings(document: Document) -> dict[str, dict[str, Any]]:
    """Return element id → settings for every element the engine has to ask about while it runs."""
    lanes = lane_names(document)
    settings: dict[str, dict[str, Any]] = {}
    for element in document.elements.values():
        found = _settings_of(document, element)
        if found is not None:
            settings[element.id] = {
                "kind": element.kind,
                "name": element.name or element.id,
                "lane": lanes.get(element.id, ""),
                **found,
            }
    return settings


def lane_names(document: Document) -> dict[str, str]:
    """Return element id → name of the innermost lane it lies in."""
    lanes: dict[str, str] = {}
    for lane in document.of_kind("lane"):
        for reference in lane.children("flowNodeRef"):
            lanes[(reference.text or "").strip()] = lane.name
    return lanes


def message_names(document: Document) -> set[str]:
    """Return the names of all messages a flow waits for or sends; an event without a message is known by its own name."""
    found = set(document.messages.values())
    for event in document.of_kind(*names.EVENTS):
        for definition in event.definitions():
            if definition.tag == names.model("messageEventDefinition") and not definition.get("messageRef"):
                found.add(event.name)
    return found


def _settings_of(document: Document, element: Element) -> dict[str, Any] | None:
    if element.kind in names.USER_TASKS:
        return _user_task(element)
    if element.kind in names.SERVICE_TASKS:
        return {
            "service": element.house("service"),
            "decision": element.house("decision"),
            "parameters": {item.get("name", ""): item.get("value", "") for item in element.extensions("parameter")},
        }
    if element.kind == "endEvent":
        return {"result": element.house("result") or _error_code(document, element)}
    if element.kind in names.FLOW_NODES:
        return {}
    return None


def _user_task(element: Element) -> dict[str, Any]:
    outcomes = [
        {
            "code": item.get("code", ""),
            "label": item.get("label") or item.get("code", ""),
            "needs_note": item.get("needsNote") == "true",
        }
        for item in element.extensions("outcome")
        if item.get("code")
    ]
    return {
        "audience": element.house("audience"),
        "outcomes": outcomes or [dict(DONE)],
        "due_days": _number(element.house("dueDays")),
        "due_business_days": _number(element.house("dueBusinessDays")),
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _error_code(document: Document, element: Element) -> str:
    for definition in element.definitions():
        if definition.tag == names.model("errorEventDefinition"):
            return document.errors.get(definition.get("errorRef", ""), "error")
    return ""
