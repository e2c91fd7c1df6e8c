"""The characters another system has: what has to change on the way there is changed in view, never in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from madoguchi.kit.names import GETA, LossKind, Profile, print_form

from .columns import Column

PROFILES: Mapping[str, str] = {
    "mj": "MJ文字（行政事務標準文字）。異体字の区別もそのまま",
    "x0213": "JIS X 0213（第1〜第4水準）",
    "x0208": "JIS X 0208（第1・第2水準）。古いシステム",
}
ENCODINGS: Mapping[str, str] = {"utf-8-sig": "UTF-8（BOM付き）", "cp932": "Shift_JIS（CP932）"}
Encoding = Literal["utf-8-sig", "cp932"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# JIS X 0208 names these characters by other code points than Windows does; CP932 knows the latter alone.
_WINDOWS = str.maketrans("〜‖−¢£¬—¥‾", "～∥－￠￡￢―￥￣")


@dataclass(frozen=True, slots=True)
class CellLoss:
    """A character that another one stands for: in which column, itself, what is written, and how much was lost."""

    path: str
    heading: str
    original: str
    printed: str
    kind: str


def fit_cells(
    columns: Iterable[Column], cells: Mapping[str, str], *, profile: str, encoding: str
) -> tuple[dict[str, str], list[CellLoss]]:
    """Return the cells in the characters of a profile and an encoding, and every character that changed."""
    fitted: dict[str, str] = {}
    losses: list[CellLoss] = []
    for column in columns:
        text, lost = fit_text(cells[column.path], profile=profile, encoding=encoding)
        fitted[column.path] = text
        losses += [CellLoss(column.path, column.heading, before, after, kind) for before, after, kind in lost]
    return fitted, losses


def fit_value(value: Any, *, profile: str) -> Any:
    """Return JSON values with every text in the characters of a profile; keys stay."""
    if isinstance(value, str):
        return fit_text(value, profile=profile, encoding="utf-8-sig")[0]
    if isinstance(value, Mapping):
        return {key: fit_value(item, profile=profile) for key, item in value.items()}
    return [fit_value(item, profile=profile) for item in value] if isinstance(value, list) else value


def fit_text(text: str, *, profile: str, encoding: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return a text in the characters of a profile and an encoding, and (original, written, kind) of what changed."""
    if text.isascii() and text.isprintable():
        return text, []
    controls = [(character, GETA, str(LossKind.UNPRINTABLE)) for character in _CONTROL.findall(text)]
    form = print_form(_CONTROL.sub(GETA, text), cast(Profile, profile))
    losses = controls + [(loss.original, loss.printed, str(loss.kind)) for loss in form.losses]
    if encoding != "cp932":
        return form.text, losses
    written = []
    for character in form.text.translate(_WINDOWS):
        if _fits(character):
            written.append(character)
        else:
            written.append(GETA)
            losses.append((character, GETA, str(LossKind.UNPRINTABLE)))
    return "".join(written), losses


def _fits(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
