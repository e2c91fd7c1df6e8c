"""Documents as typeset: standards, fonts, text, injection, templates that misbehave."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pikepdf
import pytest

from madoguchi.records.api import ContentError, MissingGlyphsError, TemplateError, render_pdf
from madoguchi.records.errors import TypesettingError
from madoguchi.records.registry import TYPESETTER, typesetters
from madoguchi.records.rules.glyphs import GETA, GlyphPlan
from madoguchi.records.rules.opentype import Face
from madoguchi.records.selectors.templates import shipped_templates
from madoguchi.records.services.composing import render_pages

from .issuing import sample, squeeze, tool

pytestmark = [pytest.mark.database, pytest.mark.django_db]
FAMILIES = {"BIZUDPGothic-Regular", "BIZUDPGothic-Bold", "BIZUDPMincho-Regular", "BIZUDPMincho-Bold"}


def compile_source(source: str, *, data: dict | None = None, seconds: float = 20) -> bytes:
    typesetter = typesetters.get(TYPESETTER)
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    title = '#set document(title: "t")\n'
    return typesetter.typeset(
        source=title + source, data=data or {}, moment=moment, is_strict=False, seconds=seconds
    ).pdf


@pytest.mark.parametrize("key", sorted(shipped_templates()))
def test_every_shipped_template_is_pdf_a_and_pdf_ua_in_our_fonts(city, key: str) -> None:
    for language in ("ja", "ja-easy", "en"):
        pdf = render_pages(template=shipped_templates()[key], content=sample(key), language=language, is_trial=True).pdf
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert str(opened.Root.Lang) == ("en" if language == "en" else "ja-JP")
            assert bool(opened.Root.MarkInfo.Marked)
            with opened.open_metadata() as metadata:
                assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
                assert metadata["pdfuaid:part"] == "1"
        fonts = [line.split() for line in tool("pdffonts", data=pdf).splitlines()[2:]]
        assert {row[0].partition("+")[2] for row in fonts} <= FAMILIES
        assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in fonts)


def test_text_can_be_read_out_of_a_document(city) -> None:
    text = squeeze(tool("pdftotext", data=render_pdf(template="notice", content=sample("notice"))))
    assert "児童手当認定通知書" in text
    assert "3か月以内に、小田原市長に対して審査請求をすることができます" in text
    assert "6か月以内に、小田原市を被告として" in text


def test_the_same_content_gives_the_same_bytes(city) -> None:
    from madoguchi.kit import clock

    with clock.frozen(datetime(2026, 11, 20, 3, tzinfo=UTC)):
        assert render_pdf(template="receipt", content=sample("receipt")) == render_pdf(
            template="receipt", content=sample("receipt")
        )


@pytest.mark.parametrize(
    "evil",
    [
        '#read("/etc/passwd")',
        "#panic()",
        '"); #panic("',
        "$x$ *b* _i_ `c` <label> @ref \\ // /* = head",
        "{{7*7}} {% x %}",
        '\\u{22}#sys.inputs.data"',
        "https://example.com #link",
    ],
)
def test_what_people_write_is_printed_and_never_run(city, evil: str) -> None:
    content = sample("receipt", lead=evil, rows=[["項目", evil]])
    text = squeeze(tool("pdftotext", data=render_pdf(template="receipt", content=content)))
    assert text.count(squeeze(evil)) == 2


def test_content_that_does_not_fit_is_named_by_its_place(city) -> None:
    with pytest.raises(ContentError) as caught:
        render_pdf(template="certificate", content={"rows": [["氏名"]], "unknown": 1})
    assert "rows.0" in str(caught.value)
    assert "unknown" in str(caught.value)


def test_an_unknown_template_lists_the_known_ones(city) -> None:
    with pytest.raises(TemplateError, match="certificate"):
        render_pdf(template="nothing", content={})


def test_a_character_no_font_has_stops_a_certificate_and_is_explained_on_a_receipt(city) -> None:
    content = sample(rows=[["氏名", "𠮷野 家"]])
    with pytest.raises(MissingGlyphsError, match=r"U\+20BB7"):
        render_pages(template=shipped_templates()["certificate"], content=content, language="ja")
    receipt = sample("receipt", rows=[["氏名", "𠮷野 家"]])
    text = squeeze(tool("pdftotext", data=render_pdf(template="receipt", content=receipt)))
    assert "吉野家" in text
    assert "U+20BB7" in text


def test_a_font_of_the_operator_shows_what_the_main_fonts_lack(city, settings) -> None:
    from pathlib import Path

    settings.DOCUMENT_FONTS = [Path("/usr/share/fonts/opentype/noto")]
    if not settings.DOCUMENT_FONTS[0].is_dir():
        pytest.skip("fonts-noto-cjk is not installed")
    pages = render_pages(
        template=shipped_templates()["certificate"], content=sample(rows=[["氏名", "𠮷野 家"]]), language="ja"
    )
    assert pages.missing == {}
    assert "𠮷野家" in squeeze(tool("pdftotext", data=pages.pdf))
    assert "Noto" in tool("pdffonts", data=pages.pdf)


def test_variations_are_shown_only_by_a_font_that_has_them() -> None:
    main = Face("主", frozenset(map(ord, "葛西")), frozenset())
    other = Face("副", frozenset(map(ord, "葛")), frozenset({(ord("葛"), 0xE0102)}))
    with_other = GlyphPlan([main], [other])
    assert with_other.text("葛\U000e0102西") == "葛\U000e0102西"
    assert with_other.fonts == {"副": {"葛\U000e0102"}}
    assert with_other.rare() == [{"font": "副", "pattern": r"\x{845B}\x{E0102}"}]
    alone = GlyphPlan([main])
    assert alone.text("葛\U000e0102西😀") == f"葛西{GETA}"
    assert set(alone.missing) == {"葛\U000e0102", "😀"}


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../etc/passwd")',
        '#import "@preview/cetz:0.3.0": *',
        '#import ("@pre" + "view/cetz:0.3.0"): *',
        "#let x = (",
        "#unknown()",
        '#set text(font: "No Such Font")\nあ',
    ],
)
def test_a_template_reads_no_file_fetches_nothing_and_says_where_it_is_wrong(city, source: str) -> None:
    with pytest.raises(TemplateError) as caught:
        compile_source(source)
    assert str(caught.value)
    assert "root:x" not in str(caught.value)


def test_a_template_without_end_is_stopped_and_the_next_document_is_made(city) -> None:
    endless = "#let f(n, s) = if n < 2 { n } else { f(n - 1, s + 1) + f(n - 2, s * 3) }\n#range(200).map(i => f(27, i))"
    with pytest.raises(TypesettingError):
        compile_source(endless, seconds=1.0)
    assert compile_source("よし").startswith(b"%PDF")


def test_the_schema_of_every_shipped_template_fits_its_sample() -> None:
    from madoguchi.records.rules.content import problem_of_schema, problems_of

    for template in shipped_templates().values():
        assert problem_of_schema(dict(template.schema)) == ""
        assert problems_of(json.loads(json.dumps(template.sample)), template.schema) == []


def test_every_language_has_every_word_or_the_japanese_one() -> None:
    template = shipped_templates()["notice"]
    japanese = template.words_in("ja")
    for language in ("ja-easy", "en"):
        assert set(template.words_in(language)) == set(japanese)
        assert template.words_in(language)["decision"] != japanese["decision"]
