"""Reading one telegram: its control part, its head, and its body by the family its namespace names."""

from __future__ import annotations

import re
from typing import TypeVar

from ..telegram import N_, InfoType, Status, Telegram, TelegramError, Warning
from .kinds import kind_of
from .meteorology import covered_hazards, read_meteorology
from .parts import headline_warnings, paragraphs
from .seismology import earthquake_facts, read_seismology
from .volcanology import read_volcanology
from .xml import HEAD, JMX, Element, children, moment, narrow, parse, tag, text

STATUSES = {"通常": Status.NORMAL, "訓練": Status.DRILL, "試験": Status.TEST}
INFO_TYPES = {
    "発表": InfoType.ISSUED,
    "訂正": InfoType.CORRECTED,
    "遅延": InfoType.DELAYED,
    "取消": InfoType.CANCELLED,
}
_Word = TypeVar("_Word", Status, InfoType)
_BODY = re.compile(r"^\{http://xml\.kishou\.go\.jp/jmaxml1/body/([a-z]+)[0-9]+/\}Body$")


def read_telegram(data: bytes, *, name: str = "") -> Telegram:
    """
    Return what a telegram of the Meteorological Agency says.

    ``name`` is that of its file or feed entry, if there is one: it tells kinds apart that share a title. ``TelegramError`` says in
    Japanese why something cannot be read: not XML, entities, too big, no telegram, a time or a state nobody knows.
    """
    root = parse(data)
    if root.tag != f"{{{JMX}}}Report":
        raise TelegramError(
            N_("気象庁防災情報XMLではありません（最初の要素は %(tag)s です）。"), tag=str(root.tag)[:120]
        )
    control = _one(root, f"{{{JMX}}}Control")
    head = _one(root, f"{{{HEAD}}}Head")
    title = text(control, "Title")
    if not title:
        raise TelegramError(N_("情報名称（Control/Title）がありません。"))
    body, family = _body(root)
    reported = moment(text(head, "ReportDateTime"), "発表時刻（ReportDateTime）")
    if reported is None:
        raise TelegramError(N_("発表時刻（ReportDateTime）がありません。"))
    info_type = _lookup(INFO_TYPES, text(head, "InfoType"), "情報形態（InfoType）")
    facts = _facts(title, family, body)
    office = text(control, "EditorialOffice") or text(control, "PublishingOffice")
    event_id, head_title = text(head, "EventID"), text(head, "Title")
    return Telegram(
        kind=kind_of(title, name),
        title=title,
        head_title=head_title,
        status=_lookup(STATUSES, text(control, "Status"), "運用種別（Status）"),
        info_type=info_type,
        info_kind=text(head, "InfoKind"),
        event_id=event_id,
        serial=text(head, "Serial"),
        report_time=reported,
        target_time=moment(text(head, "TargetDateTime"), "基点時刻（TargetDateTime）"),
        valid_until=moment(text(head, "ValidDateTime"), "失効時刻（ValidDateTime）"),
        office=office,
        headline=text(head, "Headline", "Text"),
        thread=_thread(title, event_id, office, head_title),
        warnings=tuple(_warnings(family, title, head, body, info_type)),
        texts=() if body is None else paragraphs(body),
        facts=facts,
    )


def _thread(title: str, event_id: str, office: str, head_title: str) -> str:
    """Return what joins telegrams of one story: by the agency's number of the event, else by office and heading."""
    if not event_id:
        return f"{narrow(title)}|{office}|{head_title}"
    if "緊急地震速報" in title:
        return f"緊急地震速報|{event_id}"
    if title in {"震度速報", "震源・震度に関する情報"}:
        return f"震度|{event_id}"
    return f"{narrow(title)}|{event_id}"


def _one(root: Element, name: str) -> Element:
    found = [element for element in root if element.tag == name]
    if len(found) != 1:
        words = N_("%(name)s が複数あります。") if found else N_("%(name)s がありません。")
        raise TelegramError(words, name=name.rpartition("}")[2])
    return found[0]


def _lookup(table: dict[str, _Word], word: str, where: str) -> _Word:
    if word not in table:
        raise TelegramError(N_("%(where)s「%(word)s」が分かりません。"), where=where, word=word[:40])
    return table[word]


def _body(root: Element) -> tuple[Element | None, str]:
    bodies = [element for element in root if tag(element) == "Body"]
    if len(bodies) > 1:
        raise TelegramError(N_("%(name)s が複数あります。"), name="Body")
    if not bodies:
        return None, ""
    match = _BODY.match(bodies[0].tag)
    if match is None:
        raise TelegramError(N_("Body の名前空間が分かりません（%(tag)s）。"), tag=str(bodies[0].tag)[:120])
    return bodies[0], match.group(1)


def _warnings(family: str, title: str, head: Element, body: Element | None, info_type: InfoType) -> list[Warning]:
    if info_type is InfoType.CANCELLED:
        return []
    if family == "meteorology":
        return read_meteorology(title, head, body)
    if family == "seismology":
        return read_seismology(title, head, body)
    if family == "volcanology":
        return read_volcanology(title, head, body)
    return headline_warnings(head)


def _facts(title: str, family: str, body: Element | None) -> dict[str, str]:
    if family == "seismology":
        return earthquake_facts(body)
    covered = covered_hazards(title)
    return {"covers": ",".join(covered)} if covered and children(body, "Warning") else {}
