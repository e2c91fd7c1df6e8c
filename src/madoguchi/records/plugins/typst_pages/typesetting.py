"""Templates and data in, PDF out: PDF/A-2a and PDF/UA-1 in one file, tagged, fonts embedded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.kit.registry import ConfigProblem, Severity

from ...errors import FontsMissingError, MissingGlyphsError
from ...registry import Pages
from ...rules.glyphs import GlyphPlan, describe
from . import process
from .fonts import FAMILIES, FontSet, font_set

PARTS = Path(__file__).parents[2] / "data" / "templates"
SHARED = (PARTS / "kit.typ",)


class TypstTypesetter:
    """Typesets with typst; see ``registry.Typesetter``."""

    def typeset(
        self,
        *,
        source: str,
        data: Mapping[str, Any],
        moment: datetime,
        is_strict: bool,
        seconds: float = 30,
        pictures: bool = False,
    ) -> Pages:
        """Return the pages of a template filled with data; the same arguments give the same bytes."""
        fonts = font_set()
        plan = GlyphPlan(fonts.main, fonts.others)
        shown = plan.printable(dict(data))
        if is_strict and plan.missing:
            _refuse(plan)
        shown["rare"] = plan.rare()
        shown["missing"] = [
            {"printed": printed, "code": describe(meant).partition("（")[2].rstrip("）")}
            for meant, printed in plan.missing.items()
        ]
        job = {
            "source": source,
            "data": json.dumps(shown, ensure_ascii=False),
            "timestamp": int(moment.timestamp()),
        }
        pdf = process.bench.typeset(job, fonts=fonts.folders, parts=SHARED, seconds=seconds)
        drawn: list[str] = []
        if pictures:
            more = {**job, "pictures": True}
            drawn = json.loads(process.bench.typeset(more, fonts=fonts.folders, parts=SHARED, seconds=seconds))
        return Pages(pdf, dict(plan.missing), drawn)

    def check_config(self) -> Iterable[ConfigProblem]:
        """Report fonts that are not there."""
        try:
            fonts = font_set()
        except FontsMissingError as error:
            yield ConfigProblem("records.typst", Severity.ERROR, str(error))
            return
        yield from _check_families(fonts)


def _check_families(fonts: FontSet) -> Iterable[ConfigProblem]:
    if absent := FAMILIES - {face.family for face in fonts.main}:
        message = _("文書の書体の名前が違います（%(names)s）。") % {"names": "、".join(sorted(absent))}
        yield ConfigProblem("records.typst", Severity.ERROR, message)
    if not fonts.others:
        message = _(
            "氏名の外字・異体字のための書体（IPAmj明朝など）がありません。fonts-ipamj-mincho を入れるか、"
            "MADOGUCHI_FONTS に書体のフォルダを指定すると、印字できる文字が増えます。"
        )
        yield ConfigProblem("records.typst", Severity.INFO, message)


def _refuse(plan: GlyphPlan) -> None:
    found = [describe(cluster) for cluster in plan.missing]
    message = _(
        "この文書の文字のうち、印字できる書体がないものがあります：%(characters)s。"
        "書体を追加してもらうよう管理者に連絡するか、別の表記にできるか本人に確かめてください。"
    ) % {"characters": "、".join(found)}
    raise MissingGlyphsError(message, found)
