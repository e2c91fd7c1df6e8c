"""Any text can be printed: it is data and never markup, and what the fonts lack is replaced where everybody can see it."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.plan.plugins.typst_book import fonts, glyphs, render
from madoguchi.plan.plugins.typst_book.book import book_document
from madoguchi.plan.plugins.typst_book.compose import phrases
from madoguchi.plan.plugins.typst_book.glyphs import BrokenFontError, Typesetter, coverage_of
from madoguchi.plan.plugins.typst_book.typesetter import RefusedDocumentError, compile_document

from .printed import Printed, squeeze

DAY = date(2026, 11, 20)
MARKUP = (
    "#panic(1)", "$x^2$", "[角]", "{波}", "a\\b", "*強*", "_斜_", "<label>", "@ref", "// 注", "/* 注 */", '"引用"',
    "= 見出し", "- 項", "~", "`生`", "#import \"x\"", "\\u{0}", "'", "a--b", "...", "https://example.jp/?a=1&b=2",
    "{first}", "{count}",
)  # fmt: skip


def book_data(**texts: str) -> dict[str, Any]:
    """Return the data of the smallest book, with these texts in the places of the same name."""
    title, label, value = (texts.get(name, "名") for name in ("title", "label", "value"))
    indicator = {
        "id": 3, "label": label, "level": "kpi", "unit": "件", "direction": "up", "owner": "1", "owner_title": title,
        "project": 2, "baseline": {"text": value, "year": 2023, "as_of": ""}, "years": [2024], "targets": {"2024": value},
        "actuals": {"2024": value}, "evaluation": "", "note": label, "opinion": "", "retired": None, "line": 5,
    }  # fmt: skip
    project = {
        "id": 2, "code": "1", "title": title, "sections": [title], "class": "A", "priority": True, "new": True,
        "summary": label, "effects": "", "overall": "", "progress": "", "discontinued": None, "line": 4,
        "schedule": {"years": [2024], "rows": [{"label": label, "bars": [{"first": 2024, "last": 2024, "text": value}]}]},
        "tasks": [title], "indicators": [indicator], "sdgs": [9], "relations": [{"kind": "legend", "targets": [title]}],
    }  # fmt: skip
    line = {name: project[name] for name in ("id", "code", "title", "sections", "class", "priority", "new")}
    goal = {
        "id": 1, "code": "1", "title": title, "summary": label, "line": 1, "indicators": [], "sdgs": [], "relations": [],
        "measures": [], "projects": [project],
    }  # fmt: skip
    return {
        "municipality": {"name": "港市", "name_en": "", "colour": "blue", "phone": "", "is_sample": False},
        "plan": {"code": "p", "title": title, "philosophy": label, "start": 2024, "end": 2024, "status": "active",
                 "predecessor": "", "line": 1},
        "years": [2024], "relations": [], "goals": [goal], "indicators": [indicator],
        "matrices": [
            {"kind": "dx_priority", "columns": [title, label],
             "rows": [{"place": "project-2", "code": "1", "title": title, "marks": [True, False]}]},
        ],
        "sections": [{"name": title, "projects": [line]}],
        "reported": [{"label": label, "text": value, "line": 9}],
        "counts": {"goals": 1, "measures": 0, "projects": 1, "indicators": 1, "priority": 1},
    }  # fmt: skip


def printed(**texts: str) -> Printed:
    document = book_document(book_data(**texts), printed_on=DAY)
    return Printed(compile_document(**render.job_of(template="book", data=document, printed_on=DAY)))


def test_markup_in_names_is_printed_as_it_stands() -> None:
    told = printed(title="題 " + " ".join(MARKUP), label="標 " + " ".join(MARKUP[::-1]), value=" ".join(MARKUP[:4]))
    for text in MARKUP:
        assert squeeze(text) in told.squeezed, text


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=60), st.text(max_size=200), st.text(max_size=40))
def test_any_text_can_be_printed_and_comes_out_again(title: str, label: str, value: str) -> None:
    setter = Typesetter(coverage_of(fonts.font_files()))
    told = printed(title=f"題{title}", label=f"標{label}", value=f"値{value}")
    assert told.pages >= 8
    for text in (f"題{title}", f"標{label}"):
        wanted = squeeze(setter.text(text))
        assert set(wanted) <= set(told.squeezed), set(wanted) - set(told.squeezed)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_what_is_left_of_a_text_is_always_in_the_fonts(text: str) -> None:
    coverage = coverage_of(fonts.font_files())
    setter = Typesetter(coverage)
    done = setter.text(text)
    before = ""
    for character in done:
        known = (
            ord(character) in coverage.characters
            or character == "\n"
            or (ord(before or "\0"), ord(character)) in coverage.variations
        )
        assert known, hex(ord(character))
        before = character
    assert setter.text(done) == done


def test_plain_text_is_left_as_it_is() -> None:
    setter = Typesetter(coverage_of(fonts.font_files()))
    text = "令和8年度 ①㎡㊤…～〜−○△×◎髙﨑 65% (ICT)"
    assert (setter.text(text), setter.notes()) == (text, [])


def test_a_kanji_the_fonts_lack_is_printed_as_its_nearest_form_and_the_colophon_says_so() -> None:
    told = printed(title="𠮷野の計画")
    assert "吉野の計画" in told.squeezed
    assert "吉U+20BB7" in told.squeezed


def test_what_has_no_form_is_printed_as_geta_and_the_colophon_says_what_was_meant() -> None:
    told = printed(title="電子🏠窓口 \ue000")
    assert "電子〓窓口〓" in told.squeezed
    assert "〓U+1F3E0HOUSEBUILDING" in told.squeezed
    assert "〓U+E000" in told.squeezed


def test_a_variation_the_fonts_know_is_kept_and_another_leaves_its_character() -> None:
    setter = Typesetter(coverage_of(fonts.font_files()))
    assert setter.text("葛\U000e0100飾") == "葛\U000e0100飾"
    assert setter.text("葛\U000e01ef飾") == "葛飾"
    assert "葛\U000e0100飾" in printed(title="葛\U000e0100飾の計画").squeezed


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("か\u3099", "が"),
        ("a\tb", "a b"),
        ("a\r\nb", "a\nb"),
        ("\u200bゼロ\u202e幅\ufeff", "ゼロ幅"),
        ("\x00\x07", ""),
        ("\ufe0f", ""),
        ("𝟙", "1"),
        ("神", "神"),
    ],
)
def test_characters_without_a_shape_are_joined_or_left_out(text: str, done: str) -> None:
    assert Typesetter(coverage_of(fonts.font_files())).text(text) == done


def test_every_text_in_nested_data_is_made_printable() -> None:
    setter = Typesetter(coverage_of(fonts.font_files()))
    assert setter.printable({"a": ["𠮷", ("🏠",)], "n": 3, "none": None}) == {"a": ["吉", ["〓"]], "n": 3, "none": None}


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x00\x00\x00\x01", b"plain text, not a font at all, only words"])
def test_a_file_that_is_no_font_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.ttf").write_bytes(content)
    with pytest.raises(BrokenFontError, match=r"x\.ttf"):
        coverage_of((tmp_path / "x.ttf",))


def test_the_older_character_table_is_read_where_it_is_the_only_one(tmp_path: Path) -> None:
    segments = struct.pack(">HHHHHHH", 4, 32, 0, 4, 0, 0, 0) + struct.pack(">HHHHH", 66, 0xFFFF, 0, 65, 0xFFFF)
    table = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + segments
    head = struct.pack(">IHHHH", 0x10000, 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, len(table))
    (tmp_path / "old.ttf").write_bytes(head + table + bytes(16))
    assert {65, 66} <= glyphs.coverage_of((tmp_path / "old.ttf",)).characters


def test_a_title_is_taken_apart_where_a_reader_would() -> None:
    assert phrases("港市ICT推進計画【改定版】アクションプラン", "港市") == [
        "港市",
        "ICT推進計画",
        "【改定版】",
        "アクションプラン",
    ]
    assert phrases("便利な市役所 ～待たない～") == ["便利な市役所 ", "～待たない～"]


@given(st.text(max_size=40), st.sampled_from(["", "港市"]))
def test_taking_a_title_apart_loses_nothing(title: str, city: str) -> None:
    assert "".join(phrases(title, city)) == title


def test_missing_fonts_are_named_with_what_to_do() -> None:
    with pytest.raises(fonts.FontsMissingError, match="npm run build"):
        fonts._find("build/pdf-fonts/NoSuchFont.ttf")


def test_a_folder_with_other_fonts_is_refused(tmp_path: Path) -> None:
    job = render.job_of(template="book", data={}, printed_on=DAY) | {"fonts": [str(tmp_path)]}
    with pytest.raises(RefusedDocumentError, match="BIZ UDPGothic"):
        compile_document(**job)


def test_a_font_that_is_not_there_is_an_error_and_not_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.typ").write_text(
        '#set document(title: "題")\n#set text(font: "No Such Font")\n題', encoding="utf-8"
    )
    monkeypatch.setattr(render, "TEMPLATES", tmp_path)
    with pytest.raises(render.TypesettingError, match="no such font"):
        render.typeset(template="page", data={}, printed_on=DAY)


def test_a_document_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = '#set document(title: "題")\n#let n = range(1500)\n#for a in n { for b in n { for c in n { if a + b + c < 0 [x] } } }'
    (tmp_path / "page.typ").write_text(loop, encoding="utf-8")
    monkeypatch.setattr(render, "TEMPLATES", tmp_path)
    monkeypatch.setattr(render, "SECONDS", 0.3)
    with pytest.raises(render.TypesettingError, match="not finished"):
        render.typeset(template="page", data={}, printed_on=DAY)
