"""The printed books of the published plans, judged by programs from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from django.db import transaction

from madoguchi.plan.api import Indicator, Plan, Project, import_data_file, publish_draft
from madoguchi.plan.models import Goal, Measure
from madoguchi.plan.plugins.typst_book import overview_sheet, plan_book, yearly_report
from madoguchi.trust.api import acting_for, add_municipality

from .printed import Printed, squeeze

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CITIES = {
    "odawara": ("142069", "小田原市", "blue"),
    "oyama": ("092088", "小山市", "green"),
    "isehara": ("142140", "伊勢原市", "orange"),
    "sagamihara": ("141500", "相模原市", "cyan"),
    "hiratsuka": ("142034", "平塚市", "purple"),
}
FAMILIES = {"BIZUDPGothic-Regular", "BIZUDPGothic-Bold", "BIZUDPMincho-Regular", "BIZUDPMincho-Bold"}
Shelf = dict[tuple[str, str, str], tuple[Printed, dict[str, Any]]]


@pytest.fixture(scope="module")
def shelf(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Shelf:
    """Every publication of every plan of the demonstration, printed once: (city, plan, kind) → PDF and what it must say."""
    from django.test import override_settings

    home = tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock(), override_settings(HOME=home), transaction.atomic():
        found = {place: entry for key in CITIES for place, entry in printed_plans(key)}
        transaction.set_rollback(True)
    return found


def printed_plans(key: str) -> Iterator[tuple[tuple[str, str, str], tuple[Printed, dict[str, Any]]]]:
    code, name, colour = CITIES[key]
    city = add_municipality(key=key, code=code, name=name, colour=colour, is_demonstration=True)
    data = (resources.files("madoguchi.plan") / "data" / "plans" / f"{key}.json").read_bytes()
    with acting_for(city):
        for plan in publish_draft(draft=import_data_file(name=f"{key}.json", data=data), actor=None, system=True):
            facts = facts_of(plan)
            yield (key, plan.code, "book"), (Printed(plan_book(plan=plan).pdf()), facts)
            for kind, publish in (("report", yearly_report), ("overview", overview_sheet)):
                pdf = publish(plan=plan, fiscal_year=plan.end_fiscal_year).pdf()
                yield (key, plan.code, kind), (Printed(pdf), facts)


def facts_of(plan: Plan) -> dict[str, Any]:
    projects = list(Project.objects.filter(plan=plan))
    return {
        "title": plan.title,
        "goals": list(Goal.objects.filter(plan=plan).values_list("title", flat=True)),
        "measures": list(Measure.objects.filter(plan=plan).values_list("title", flat=True)),
        "projects": [project.title for project in projects],
        "sections": {section for project in projects for section in project.sections},
        "indicators": list(Indicator.objects.filter(plan=plan).values_list("label", flat=True)),
        "targets": [
            target.text
            for indicator in Indicator.objects.filter(plan=plan).prefetch_related("targets")
            for target in indicator.targets.all()
        ],
        "words": {
            word["text"] for project in projects for action in project.actions.all() for word in action.words
        },
    }  # fmt: skip


def all_of(shelf: Shelf, kind: str = "") -> list[tuple[Printed, dict[str, Any]]]:
    return [entry for (_, _, name), entry in shelf.items() if not kind or name == kind]


def test_every_plan_has_three_publications(shelf: Shelf) -> None:
    assert len(shelf) == 18


def test_every_pdf_is_tagged_and_has_its_title(shelf: Shelf) -> None:
    for printed, facts in all_of(shelf):
        assert printed.info["Tagged"] == "yes"
        assert facts["title"] in printed.info["Title"]


def test_only_our_fonts_are_embedded_and_every_one_is(shelf: Shelf) -> None:
    for printed, _facts in all_of(shelf):
        assert printed.fonts
        assert {row[0].partition("+")[2] for row in printed.fonts} <= FAMILIES
        assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in printed.fonts)


def test_every_pdf_claims_pdf_a_2a_and_pdf_ua_1_in_japanese(shelf: Shelf) -> None:
    for printed, facts in all_of(shelf):
        root = printed.pdf.Root
        assert str(root.Lang) == "ja-JP"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with printed.pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert facts["title"] in metadata["dc:title"]


def test_every_figure_says_in_words_what_it_shows(shelf: Shelf) -> None:
    figures = [figure for printed, _facts in all_of(shelf) for figure in printed.elements("Figure")]
    assert len(figures) > 10
    assert all(len(str(figure.Alt)) > 5 for figure in figures)


def test_headings_never_skip_a_level_and_tables_have_heads(shelf: Shelf) -> None:
    for printed, _facts in all_of(shelf, "book"):
        assert printed.elements("H1")
        assert printed.elements("TH")
        assert bool(printed.elements("H3")) <= bool(printed.elements("H2"))


def test_the_bookmarks_of_a_book_lead_to_every_goal_measure_and_project(shelf: Shelf) -> None:
    for printed, facts in all_of(shelf, "book"):
        marks = printed.bookmarks()
        for title in (*facts["goals"], *facts["measures"], *facts["projects"]):
            assert any(mark.endswith(title) for mark in marks), title


def test_nothing_of_a_plan_is_missing_in_its_book(shelf: Shelf) -> None:
    for printed, facts in all_of(shelf, "book"):
        for kind in ("goals", "measures", "projects", "sections", "indicators"):
            absent = [text for text in facts[kind] if squeeze(text) not in printed.squeezed]
            assert not absent, (facts["title"], kind, absent)


def test_every_target_and_schedule_word_of_a_plan_is_in_its_book(shelf: Shelf) -> None:
    for printed, facts in all_of(shelf, "book"):
        for kind in ("targets", "words"):
            absent = [text for text in facts[kind] if squeeze(text) not in printed.squeezed]
            assert not absent, (facts["title"], kind, absent)


def test_text_has_no_stray_spaces_between_kanji_and_numbers(shelf: Shelf) -> None:
    for printed, _facts in all_of(shelf):
        assert re.search(r"(令和|平成)\d+年度", printed.text)
        assert not re.search(r"(令和|平成)[ \t]+\d|\d[ \t]+年度", printed.text)


def test_the_overview_is_one_a3_sheet_that_names_every_project(shelf: Shelf) -> None:
    for printed, facts in all_of(shelf, "overview"):
        assert printed.pages == 1
        assert printed.info["Page size"].startswith("1190.55 x 841.89")
        absent = [text for text in facts["projects"] if squeeze(text) not in printed.squeezed]
        assert not absent


def test_the_report_of_the_finished_plan_gives_the_figures_of_its_document(shelf: Shelf) -> None:
    report, _facts = shelf["sagamihara", "ict-2017", "report"]
    assert re.search(r"25 / 31\s+66%\s+72%\s+100%\s+7 / 11\s", report.text)
    assert report.squeezed.count("○一致") == 18
    assert "不一致" not in report.squeezed
    assert "進捗達成率:基本目標166%、基本目標272%、基本目標3100%" in {
        squeeze(str(figure.Alt)) for figure in report.elements("Figure")
    }


def test_a_book_of_the_demonstration_says_that_it_is_a_sample(shelf: Shelf) -> None:
    for printed, _facts in all_of(shelf):
        assert "見本―公式の冊子ではありません" in printed.squeezed


def test_every_page_but_the_cover_has_its_number(shelf: Shelf) -> None:
    book, _facts = shelf["sagamihara", "ict-2020", "book"]
    pages = book.text.split("\f")
    for number in range(2, book.pages + 1):
        assert re.search(rf"(?m)^{number}$", pages[number - 1]), number


def test_links_of_the_contents_lead_into_the_book(shelf: Shelf) -> None:
    book, facts = shelf["isehara", "ict-2023", "book"]
    links = [note for note in book.pdf.pages[1].Annots if str(note.Subtype) == "/Link"]
    assert len(links) >= len(facts["projects"]) + len(facts["goals"])


def test_the_matrix_of_sdgs_names_measures_and_projects_that_are_tied_to_them(shelf: Shelf) -> None:
    for key, code, tied in (
        ("sagamihara", "ict-2020", "利便性を高める行政サービスの推進"),
        ("oyama", "ict-2021", "スマート農業の実現"),
    ):
        book, _facts = shelf[key, code, "book"]
        chapter = book.squeezed.split("SDGsとの対応")[-1].split("担当課別の索引")[0]
        assert "働きがいも経済成長も" in chapter
        assert tied in chapter
