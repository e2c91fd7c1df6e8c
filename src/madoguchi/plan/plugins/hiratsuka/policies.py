"""The policies (方針) of a Hiratsuka document: their aims, and the initiatives (想定される取組) in groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from madoguchi.plan.plugins.hiratsuka.outline import POLICY, Entry, is_heading
from madoguchi.plan.rules.draft import DraftGoal, DraftMeasure, DraftProject, Relation
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import unwrap

LABEL = re.compile(r"【(?P<label>[^【】]+)】")
INITIATIVES = re.compile(r"想定される.*取組")
_KNOWN = re.compile(r"目指すべき姿|目指す姿|現状と課題|現状・課題|取組内容|取組の内容")
_BULLET = re.compile(r"(?:[-‐－*][ ]*)?[・•●][ ]*|[-‐－*][ ]+")
_SUBHEADING = re.compile(r"[○〇◯][ ]*")


@dataclass(slots=True)
class _Initiative:
    line: int
    text: str
    field: tuple[str, int] | None


@dataclass(slots=True)
class _Group:
    line: int
    title: str
    initiatives: list[_Initiative] = field(default_factory=list)


@dataclass(slots=True)
class _Policy:
    line: int
    code: str
    title: str
    paragraphs: dict[str, list[str]] = field(default_factory=dict)
    groups: list[_Group] = field(default_factory=list)


class PolicyReader:
    """Walks over the lines of the policies in order; ``goals`` gives what was read."""

    def __init__(self, ledger: Ledger) -> None:
        """Start with no policy open; placements go to ``ledger``."""
        self._ledger = ledger
        self._policies: list[_Policy] = []
        self._label = ""
        self._field: tuple[str, int] | None = None
        self._last: _Initiative | None = None

    def read(self, entries: Iterable[Entry]) -> tuple[DraftGoal, ...]:
        """Read the entries of the part "policy" into goals; faults go to the ledger."""
        for entry in entries:
            self._take(entry)
        self._check()
        return tuple(_goal(policy) for policy in self._policies)

    def _take(self, entry: Entry) -> None:
        heading = POLICY.fullmatch(entry.text) if entry.cells is None else None
        label = LABEL.fullmatch(entry.text)
        if entry.is_furniture:
            self._ledger.ignore(entry.line, "ページ番号")
        elif heading:
            self._open(entry, heading)
        elif label:
            self._open_label(entry, label["label"])
        elif entry.cells is not None:
            self._ledger.unplaced(entry.line, "方針の中の表は、この様式では読み取り方が決まっていません。")
        elif INITIATIVES.search(self._label):
            self._take_initiative(entry)
        else:
            self._take_paragraph(entry)

    def _open(self, entry: Entry, heading: re.Match[str]) -> None:
        code = heading["number"]
        if any(policy.code == code for policy in self._policies):
            self._ledger.warn(entry.line, f"方針{code}が二度出てきます。番号を確かめてください。")
        self._policies.append(_Policy(entry.line, code, heading["title"].strip()))
        self._label, self._field, self._last = "", None, None
        self._place(entry, "見出し")

    def _open_label(self, entry: Entry, label: str) -> None:
        self._label, self._field, self._last = label, None, None
        self._place(entry, label)
        if not (_KNOWN.fullmatch(label) or INITIATIVES.search(label)):
            self._ledger.warn(entry.line, f"【{label}】はこの様式にない項目です。文章として取り込みました。")

    def _take_paragraph(self, entry: Entry) -> None:
        if not self._label:
            self._ledger.unplaced(entry.line, "方針の見出しと【目指すべき姿】などの項目名の間にある文です。")
            return
        self._policies[-1].paragraphs.setdefault(self._label, []).append(entry.text)
        self._place(entry, self._label)

    def _take_initiative(self, entry: Entry) -> None:
        if bullet := _BULLET.match(entry.text):
            self._add(entry, unwrap(entry.text[bullet.end() :]))
        elif subheading := _SUBHEADING.match(entry.text):
            self._field, self._last = (unwrap(entry.text[subheading.end() :]), entry.line), None
            self._place_in_group(entry, "小見出し")
        elif self._last is not None and entry.blank_before == 0:
            self._last.text = unwrap(f"{self._last.text} {entry.text}")
            self._place_in_group(entry, "取組（続き）")
        elif is_heading(entry.text):
            self._policies[-1].groups.append(_Group(entry.line, unwrap(entry.text)))
            self._field, self._last = None, None
            self._place_in_group(entry, "見出し")
        else:
            self._ledger.unplaced(entry.line, "取組の一覧の中にある文ですが、箇条書きでも見出しでもありません。")

    def _add(self, entry: Entry, text: str) -> None:
        groups = self._policies[-1].groups
        if not groups:
            self._ledger.unplaced(entry.line, "区分の見出しより前にある取組です。どの区分の取組か選んでください。")
            return
        if any(text == known.text for known in groups[-1].initiatives):
            self._ledger.warn(entry.line, "同じ区分に同じ名前の取組が二つあります。")
        self._last = _Initiative(entry.line, text, self._field)
        groups[-1].initiatives.append(self._last)
        self._place_in_group(entry, f"取組 {len(groups[-1].initiatives)}")

    def _place(self, entry: Entry, what: str) -> None:
        self._ledger.place(entry.line, f"goal {self._policies[-1].code}/{what}")

    def _place_in_group(self, entry: Entry, what: str) -> None:
        policy = self._policies[-1]
        if policy.groups:
            self._ledger.place(entry.line, f"goal {policy.code}/measure {policy.code}-{len(policy.groups)}/{what}")
        else:
            self._ledger.unplaced(entry.line, "取組の区分の見出しより前にある小見出しです。")

    def _check(self) -> None:
        for policy in self._policies:
            if not policy.groups:
                self._ledger.warn(policy.line, f"方針{policy.code}に【想定される取組】が見つかりません。")
            for group in policy.groups:
                if not group.initiatives:
                    self._ledger.warn(group.line, "この区分には取組がありません。見出しかどうか確かめてください。")


def _goal(policy: _Policy) -> DraftGoal:
    return DraftGoal(
        title=policy.title,
        code=policy.code,
        line=policy.line,
        summary="\n\n".join("\n".join((label, *texts)) for label, texts in policy.paragraphs.items()),
        measures=tuple(_measure(group, f"{policy.code}-{n}") for n, group in enumerate(policy.groups, start=1)),
    )


def _measure(group: _Group, code: str) -> DraftMeasure:
    return DraftMeasure(
        title=group.title,
        code=code,
        line=group.line,
        projects=tuple(_project(item, f"{code}-{n}") for n, item in enumerate(group.initiatives, start=1)),
    )


def _project(item: _Initiative, code: str) -> DraftProject:
    relations = () if item.field is None else (Relation(kind="policy_field", target=item.field[0], line=item.field[1]),)
    return DraftProject(title=item.text, code=code, line=item.line, relations=relations)
