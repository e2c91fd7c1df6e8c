"""Languages of messages, and which one somebody gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ContentError
from .problems import N_

JAPANESE, EASY, ENGLISH = "ja", "ja-easy", "en"
LANGUAGES: dict[str, str] = {
    JAPANESE: N_("日本語"),
    EASY: N_("やさしい日本語"),
    ENGLISH: "English",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
    "ko": "한국어",
    "vi": "Tiếng Việt",
    "pt": "Português",
    "es": "Español",
    "tl": "Tagalog",
    "ne": "नेपाली",
    "id": "Bahasa Indonesia",
}
"""Languages one can write in, by code; the first three always have a place in the composer."""
FIELDS = ("subject", "body", "short")
Contents = Mapping[str, Mapping[str, str]]


def is_written(contents: Contents, language: str) -> bool:
    """Tell whether there is a variant in a language that can be sent."""
    variant = contents.get(language)
    return bool(variant and variant.get("subject") and variant.get("body"))


def pick_language(contents: Contents, wanted: str) -> str:
    """
    Return the language of the variant somebody gets who wants ``wanted``.

    Plain Japanese falls back to Japanese; every other language to its base (``pt-br`` → ``pt``), English, Japanese.
    """
    if is_written(contents, wanted):
        return wanted
    if wanted.startswith(JAPANESE):
        return JAPANESE
    for candidate in (wanted.partition("-")[0], ENGLISH):
        if is_written(contents, candidate):
            return candidate
    return JAPANESE


def clean_contents(raw: Any) -> dict[str, dict[str, str]]:
    """
    Return contents as they are stored: known languages and fields, no control characters, one kind of line break.

    Empty variants are left out. Raises ``ContentError`` for what has another shape.
    """
    if not isinstance(raw, Mapping):
        raise ContentError(N_("内容は、言語ごとに subject、body、short を書いてください。"), [("contents", "shape")])
    found: dict[str, dict[str, str]] = {}
    for language, variant in raw.items():
        if language not in LANGUAGES or not isinstance(variant, Mapping):
            problem = (f"contents.{str(language)[:20]}", "language")
            raise ContentError(N_("内容に、使えない言語があります。"), [problem])
        texts = {name: _clean(variant.get(name, ""), f"contents.{language}.{name}") for name in FIELDS}
        texts["subject"] = " ".join(texts["subject"].split())
        texts["short"] = " ".join(texts["short"].split())
        if any(texts.values()):
            found[language] = texts
    return found


def _clean(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise ContentError(N_("内容は文字で書いてください。"), [(path, "text")])
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    lines = ("".join(c for c in line if c.isprintable() or c in "\t\u200d\u3000").rstrip() for line in text.split("\n"))
    return "\n".join(lines).strip("\n")
