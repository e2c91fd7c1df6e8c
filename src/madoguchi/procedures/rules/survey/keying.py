"""
Paper sheets by keyboard (パンチ入力): digits choose options, and two people's typing of the same sheet is compared.

What is typed stands for an answer: "2" is the second option, "1,3" or "1 3" several of them (where there are at most nine,
"13" does too), empty or "0" no answer. Texts, numbers and dates are typed as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..definition import Component, FormField
from ..forms.problems import N_
from .sampling import rank

NOT_AN_OPTION = N_("この質問の選択肢は1から%(most)sまでです。")
ONLY_ONE = N_("この質問で選べるのは1つだけです。")
NOT_A_NUMBER = N_("数字で入力してください。")
_SPLIT = re.compile(r"[\s,.、・/]+")


@dataclass(frozen=True, slots=True)
class Mistyped:
    """What cannot be an answer: the field, the message (a msgid) and its parameters."""

    code: str
    message: str
    params: dict[str, Any]


def keyed_options(field: FormField) -> list[tuple[str, str]]:
    """Return (code, label) of what the digits 1, 2, 3 … of a question stand for; empty for a question that is written."""
    if field.component is Component.YES_NO:
        return [("yes", "はい"), ("no", "いいえ")]
    if field.component in {Component.CHOICE, Component.CHOICES}:
        return [(option.code, option.label.ja) for option in field.options]
    return []


def read_keys(field: FormField, typed: str) -> Any:
    """Return the answer that was typed (None for no answer), or ``Mistyped``; a written question gives its text back."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    options = keyed_options(field)
    if not options:
        return typed.strip() or None
    if plain in {"", "0"}:
        return None
    numbers = _numbers(plain, len(options))
    if numbers is None:
        return Mistyped(field.code, NOT_A_NUMBER, {})
    if any(not 1 <= number <= len(options) for number in numbers):
        return Mistyped(field.code, NOT_AN_OPTION, {"most": len(options)})
    chosen = [options[number - 1][0] for number in sorted(set(numbers))]
    if field.component is Component.CHOICES:
        return chosen
    if len(chosen) > 1:
        return Mistyped(field.code, ONLY_ONE, {})
    return chosen[0] == "yes" if field.component is Component.YES_NO else chosen[0]


def _numbers(plain: str, count: int) -> list[int] | None:
    parts = [part for part in _SPLIT.split(plain) if part]
    if len(parts) == 1 and count <= 9 and parts[0].isascii() and parts[0].isdigit():
        parts = list(parts[0])
    if not parts or not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        return None
    return [int(part) for part in parts]


def write_keys(field: FormField, answer: Any) -> str:
    """Return what one types for an answer: the reverse of ``read_keys``."""
    options = [code for code, _label in keyed_options(field)]
    if not options or answer is None:
        return "" if answer is None else str(answer)
    if isinstance(answer, bool):
        answer = "yes" if answer else "no"
    given = answer if isinstance(answer, list) else [answer]
    return ",".join(str(options.index(code) + 1) for code in given if code in options)


def differences(fields: Iterable[FormField], first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Return the codes of the fields in which two typings of a sheet differ; the order of chosen options does not matter."""
    return [
        field.code for field in fields if field.asks and _same(first.get(field.code)) != _same(second.get(field.code))
    ]


def _same(answer: Any) -> Any:
    if isinstance(answer, list):
        return sorted(map(str, answer)) or None
    return answer.strip() or None if isinstance(answer, str) else answer


def is_checked(seed: str, sheet: str, share: int) -> bool:
    """
    Tell whether a sheet belongs to the ``share`` percent that somebody types a second time.

    Which ones is fixed by the sheet's number, so that nobody can choose, and spread evenly.
    """
    return int.from_bytes(rank(f"check/{seed}", sheet)[:4], "big") % 100 < share
