"""Rules of emergency alerts: what one must say, how a drill is marked, how long one lives."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

DRILL_MARKS: Mapping[str, str] = {"ja": "【訓練】", "ja-easy": "【くんれん】", "en": "[DRILL] "}
"""With what every text of a drill begins, by language; another language gets ``OTHER_DRILL_MARK``."""

OTHER_DRILL_MARK = "[DRILL]【訓練】"

PARTS = ("headline", "description", "instruction")
"""The texts of an alert in one language."""

LIMITS: Mapping[str, int] = {"headline": 60, "description": 1200, "instruction": 1200}
"""How long a text may be: a headline is read on a screen at five metres and in an SMS."""

LONGEST_LIFE = timedelta(days=14)
USUAL_LIFE = timedelta(hours=24)

Contents = Mapping[str, Mapping[str, str]]
"""Language → ``headline``, ``description``, ``instruction``."""


def clean_contents(contents: Contents) -> dict[str, dict[str, str]]:
    """Return the contents without blanks around texts, other parts, or languages nothing is said in."""
    cleaned = {
        language: {part: str(texts.get(part, "")).strip().replace("\r\n", "\n") for part in PARTS}
        for language, texts in contents.items()
    }
    return {language: texts for language, texts in cleaned.items() if any(texts.values())}


@dataclass(frozen=True, slots=True)
class AlertProblem:
    """Something that keeps an alert from being issued: at which ``field`` of the form, a msgid that says what to do, its params."""

    field: str
    message: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


def N_(message: str) -> str:
    """Mark a text for translation."""
    return message


def check_alert(
    *,
    contents: Contents,
    areas: Sequence[Mapping[str, Any]],
    evacuation_level: int | None,
    onset: datetime | None,
    expires_at: datetime | None,
    now: datetime,
) -> list[AlertProblem]:
    """Return what of an alert cannot stand; fields of texts are ``<part>_<language>``."""
    problems = _text_problems(contents)
    if any(not area.get("name") for area in areas):
        problems.append(AlertProblem("areas", N_("地域の名前がありません。地域を選び直してください。")))
    if evacuation_level is not None and not 1 <= evacuation_level <= 5:
        problems.append(AlertProblem("evacuation_level", N_("警戒レベルは1から5までです。")))
    return problems + _time_problems(onset, expires_at, now)


def _time_problems(onset: datetime | None, expires_at: datetime | None, now: datetime) -> list[AlertProblem]:
    if expires_at is None:
        return []
    problems = []
    if expires_at <= now:
        problems.append(AlertProblem("expires_at", N_("有効期限が過ぎています。これより先の時刻にしてください。")))
    if expires_at > now + LONGEST_LIFE:
        problems.append(AlertProblem("expires_at", N_("有効期限は14日以内にしてください。続くときは更新します。")))
    if onset is not None and onset >= expires_at:
        problems.append(AlertProblem("onset", N_("始まりは有効期限より前にしてください。")))
    return problems


def _text_problems(contents: Contents) -> list[AlertProblem]:
    problems = []
    japanese = contents.get("ja", {})
    if not japanese.get("headline"):
        problems.append(AlertProblem("headline_ja", N_("日本語の見出しを入力してください。")))
    if not japanese.get("instruction"):
        problems.append(AlertProblem("instruction_ja", N_("日本語の「とるべき行動」を入力してください。")))
    for language, texts in contents.items():
        if language != "ja" and not (texts.get("headline") and texts.get("instruction")):
            where = f"instruction_{language}" if texts.get("headline") else f"headline_{language}"
            problems.append(AlertProblem(where, N_("この言語では、見出しと「とるべき行動」の両方を入力してください。")))
        problems += _part_problems(language, texts)
    return problems


def _part_problems(language: str, texts: Mapping[str, str]) -> Iterator[AlertProblem]:
    for part in PARTS:
        text, where = texts.get(part, ""), f"{part}_{language}"
        length = len(text) - (len(drill_mark(language)) if text.startswith(drill_mark(language)) else 0)
        if length > LIMITS[part]:
            params = {"limit": LIMITS[part], "length": length}
            yield AlertProblem(where, N_("%(limit)s文字までにしてください（今は%(length)s文字）。"), params)
        if "{{" in text or "}}" in text:
            yield AlertProblem(where, N_("緊急情報には差し込みの項目（{{ }}）を使えません。"))
        if any(ord(character) < 32 and character != "\n" for character in text):
            yield AlertProblem(where, N_("使えない文字があります。入力し直してください。"))
        if part == "headline" and "\n" in text:
            yield AlertProblem(where, N_("見出しは1行にしてください。"))


def drill_mark(language: str) -> str:
    """Return with what a drill's texts begin in a language."""
    return DRILL_MARKS.get(language, OTHER_DRILL_MARK)


def mark_drill(contents: Contents) -> dict[str, dict[str, str]]:
    """Return the contents with every text marked as a drill, each once."""
    return {
        language: {part: _marked(texts.get(part, ""), drill_mark(language)) for part in PARTS}
        for language, texts in contents.items()
    }


def _marked(text: str, mark: str) -> str:
    return text if not text or text.startswith(mark) else mark + text


def is_marked(contents: Contents) -> bool:
    """Tell whether every text of the contents says that it is a drill."""
    return all(
        not text or text.startswith(drill_mark(language))
        for language, texts in contents.items()
        for text in texts.values()
    )


def says_drill(contents: Contents) -> bool:
    """Tell whether any text begins like one of a drill, which an actual alert must not."""
    return any(
        text.startswith(drill_mark(language).strip()) for language, texts in contents.items() for text in texts.values()
    )


def life_of(*, expires_at: datetime | None, now: datetime) -> datetime:
    """Return when an alert ends: as said, else after a day."""
    return expires_at or now + USUAL_LIFE


def unmark_drill(contents: Contents) -> dict[str, dict[str, str]]:
    """Return the contents of a drill without the marks, to be written anew; others as they are."""
    return {
        language: {part: text.removeprefix(drill_mark(language)) for part, text in texts.items()}
        for language, texts in contents.items()
    }


def event_key_of(event: str, areas: Sequence[str]) -> str:
    """Return the key of what staff say by hand: the same event in the same areas is said once, then updated."""
    digest = hashlib.sha256("\n".join(sorted(areas)).encode()).hexdigest()[:16] if areas else "all"
    return f"staff:{event}:{digest}"


def language_for(contents: Contents, wanted: str) -> str:
    """Return the language an alert is told in to somebody: theirs, else (plain Japanese: Japanese,) English, else Japanese."""
    order = (wanted, "ja", "en") if wanted.startswith("ja") else (wanted, "en", "ja")
    return next((language for language in order if contents.get(language, {}).get("headline")), next(iter(contents)))
