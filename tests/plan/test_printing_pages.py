"""PDFs over HTTP: headers, languages, years, what is kept on disk, and what happens when something is missing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from madoguchi.plan.models import Plan
from madoguchi.plan.plugins.typst_book import cache, fonts
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for

from .factories import make_city, make_plan
from .printed import Printed
from .reviewing import enter_actual

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BOOK, REPORT, OVERVIEW = (f"/plan/ict-2024/{name}.pdf" for name in ("book", "report", "overview"))


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def plan() -> Iterator[Plan]:
    host_table.clear()
    city = make_city(name_en="Minato City")
    yield make_plan(city)
    host_table.clear()


@pytest.fixture
def client(plan: Plan) -> Client:
    return Client(SERVER_NAME="localhost")


@pytest.mark.parametrize(("path", "name"), [(BOOK, "計画書"), (REPORT, "令和8年度 年次報告書"), (OVERVIEW, "全体図")])
def test_a_pdf_is_shown_in_the_browser_under_a_name_for_people(client: Client, path: str, name: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-1.7")
    wanted = quote(f"港市デジタル計画 {name}.pdf", safe="")
    assert answer["Content-Disposition"] == f"inline; filename*=utf-8''{wanted}"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert "Cookie" in answer["Vary"]


def test_who_has_the_pdf_already_does_not_get_it_again(client: Client) -> None:
    first = client.get(BOOK)
    for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = client.get(BOOK, headers=headers)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(BOOK, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_tag_changes_with_the_figures_and_with_the_language(client: Client, plan: Plan) -> None:
    before = client.get(REPORT + "?fiscal_year=2024")["ETag"]
    with acting_for(plan.municipality):
        enter_actual(plan, "1", 1600)
    after = client.get(REPORT + "?fiscal_year=2024")["ETag"]
    english = client.get(REPORT + "?fiscal_year=2024&lang=en")["ETag"]
    assert len({before, after, english}) == 3


def test_asking_for_the_head_gives_the_head_alone(client: Client) -> None:
    whole, head = client.get(BOOK), client.head(BOOK)
    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Length"]) == (whole["ETag"], whole["Content-Length"])
    assert client.post(BOOK).status_code == 405


def test_english_and_plain_japanese_headings_leave_the_plan_as_it_is(client: Client) -> None:
    english = Printed(client.get(BOOK + "?lang=en").content)
    assert (str(english.pdf.Root.Lang), english.text.count("FY2026") > 0) == ("en", True)
    for words in ("Contents", "Structure of the plan", "電子申請の拡大", "オンライン申請の件数"):
        assert words in english.text, words
    plain = Printed(client.get(BOOK + "?lang=ja-easy").content)
    assert "2026年度" in plain.text
    assert "令和8年11月" not in plain.text


def test_a_report_of_another_year_is_answered_with_the_years_there_are(client: Client) -> None:
    for asked in ("2031", "2023", "abcd", "20２4", "-1", "99999999999"):
        answer = client.get(REPORT, {"fiscal_year": asked})
        page = answer.content.decode()
        assert (answer.status_code, "その年度の報告書はありません" in page) == (404, True), asked
        assert f'href="{REPORT}?fiscal_year=2025"' in page


def test_a_plan_that_has_not_begun_has_no_report_yet(client: Client, plan: Plan) -> None:
    with acting_for(plan.municipality):
        Plan.objects.filter(pk=plan.pk).update(start_fiscal_year=2090, end_fiscal_year=2093)
    answer = client.get(REPORT)
    assert (answer.status_code, "まだ始まっていない" in answer.content.decode()) == (404, True)
    assert client.get(BOOK).status_code == 200


def test_an_unknown_plan_and_one_of_another_city_are_not_found(client: Client) -> None:
    make_city("aoba")
    assert client.get("/plan/nothing/book.pdf").status_code == 404
    assert Client(SERVER_NAME="aoba.localhost").get(BOOK).status_code == 404


def test_without_fonts_a_page_says_what_to_do_and_nothing_is_kept(
    client: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "FOLDER", "build/no-such-folder")
    answer = client.get(BOOK)
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert "PDFをいま作れません" in answer.content.decode()
    assert not list((home / "cache").rglob("*.pdf"))


class TestKeeping:
    """What is kept on disk."""

    def test_a_pdf_is_made_once_and_read_afterwards(self) -> None:
        made: list[int] = []
        for _ in range(3):
            assert cache.kept("aa" * 32, lambda: made.append(1) or b"%PDF-1.7\n%%EOF") == b"%PDF-1.7\n%%EOF"
        assert len(made) == 1

    def test_requests_at_the_same_time_wait_for_the_first(self) -> None:
        made: list[int] = []
        arrived: list[int] = []
        everybody = threading.Event()

        def slow() -> bytes:
            made.append(1)
            assert everybody.wait(10)
            return b"%PDF-1.7\n%%EOF"

        def ask() -> None:
            arrived.append(1)
            if len(arrived) == 6:
                everybody.set()
            assert cache.kept("bb" * 32, slow) == b"%PDF-1.7\n%%EOF"

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 1

    def test_a_torn_file_is_made_anew(self) -> None:
        cache.folder().mkdir(parents=True)
        (cache.folder() / f"{'cc' * 32}.pdf").write_bytes(b"%PDF-1.7\nhalf of it")
        assert cache.kept("cc" * 32, lambda: b"%PDF-1.7 whole\n%%EOF") == b"%PDF-1.7 whole\n%%EOF"
        assert cache.kept("cc" * 32, lambda: b"never asked") == b"%PDF-1.7 whole\n%%EOF"

    def test_a_failure_goes_through_and_nothing_is_kept(self) -> None:
        def fails() -> bytes:
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            cache.kept("dd" * 32, fails)
        assert not list(cache.folder().glob("*.pdf"))
        assert cache.kept("dd" * 32, lambda: b"%PDF-1.7\n%%EOF") == b"%PDF-1.7\n%%EOF"

    def test_a_folder_that_cannot_be_made_costs_time_and_not_the_answer(self, home: Path) -> None:
        (home / "cache").write_text("a file where the folder should be")
        assert cache.kept("ee" * 32, lambda: b"%PDF-1.7\n%%EOF") == b"%PDF-1.7\n%%EOF"

    def test_what_was_not_used_for_longest_goes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cache, "LIMIT_FILES", 3)
        for index in range(4):
            key = f"{index:x}{index:x}" * 32
            cache.kept(key, lambda: b"%PDF-1.7\n%%EOF")
            os.utime(cache.folder() / f"{key}.pdf", (1000 + index, 1000 + index))
        cache.kept("00" * 32 if (cache.folder() / f"{'00' * 32}.pdf").exists() else "11" * 32, lambda: b"%PDF-")
        cache.kept("99" * 32, lambda: b"%PDF-1.7\n%%EOF")
        names = {path.stem[:2] for path in cache.folder().glob("*.pdf")}
        assert names == {"11", "33", "99"}

    def test_large_files_are_bounded_too_and_half_written_ones_go(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cache, "LIMIT_BYTES", 250)
        cache.folder().mkdir(parents=True)
        torn = cache.folder() / "tmpx.part"
        torn.write_bytes(b"%PDF")
        os.utime(torn, (1000, 1000))
        for key in ("aa", "bb", "cc"):
            cache.kept(key * 32, lambda: b"%PDF-1.7" + b" " * 100 + b"%%EOF")
        assert len(list(cache.folder().glob("*.pdf"))) == 2
        assert not torn.exists()
