"""The command line, run as an operator runs it: as a program, in a data folder of its own."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.program import run
from tests.shared import shared_path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation")
    assert run(folder, "migrate").returncode == 0
    assert run(folder, "municipality", "add", "isehara", "142140", "伊勢原市").returncode == 0
    return folder


@pytest.mark.parametrize(
    "command",
    [
        (), ("serve",), ("worker",), ("migrate",), ("municipality",), ("municipality", "add"), ("municipality", "list"),
        ("plan",), ("plan", "import"), ("plan", "export"), ("plan", "data"), ("decision",), ("decision", "check"),
        ("backup",), ("restore",), ("doctor",), ("demonstration",), ("demonstration", "load"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_explains_itself(command: tuple[str, ...], tmp_path: Path) -> None:
    result = run(tmp_path, *command, "--help")
    assert result.returncode == 0, result.stderr
    assert "Usage: madoguchi" in result.stdout
    assert len(result.stdout) > 120


def test_an_unprepared_database_is_said_in_one_line(tmp_path: Path) -> None:
    result = run(tmp_path, "plan", "export")
    assert result.returncode == 1
    assert result.stderr.strip().splitlines() == [
        "madoguchi: データベースの用意ができていません。先に「madoguchi migrate」を実行してください。"
    ]


def test_a_data_folder_that_cannot_be_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(tmp_path / "file" / "below", "doctor")
    assert result.returncode == 1
    assert "MADOGUCHI_HOME" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_database_address_of_another_kind_is_said_in_one_line(tmp_path: Path) -> None:
    result = run(tmp_path, "migrate", MADOGUCHI_DATABASE_URL="mysql://x/y")
    assert (result.returncode, len(result.stderr.strip().splitlines())) == (1, 1)
    assert "MADOGUCHI_DATABASE_URL" in result.stderr


def test_a_wrong_check_digit_registers_nothing(home: Path) -> None:
    result = run(home, "municipality", "add", "oyama", "092080", "小山市")
    assert result.returncode == 1
    assert "検査数字" in result.stderr
    assert "oyama" not in run(home, "municipality", "list").stdout


def test_a_municipality_is_listed_with_its_host(home: Path) -> None:
    assert run(home, "municipality", "list").stdout == "isehara\t142140\t伊勢原市\tisehara.localhost\n"


def test_a_file_that_is_no_plan_is_refused_by_name(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "memo.txt"
    file.write_text("きょうの買い物\n牛乳\n")
    result = run(home, "plan", "import", file)
    assert result.returncode == 1
    assert result.stderr.startswith("madoguchi: memo.txt: ")


def test_a_binary_file_is_refused(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.bin"
    file.write_bytes(bytes(range(256)) * 10)
    assert run(home, "plan", "import", file).returncode == 1


@pytest.mark.shared
def test_a_plan_goes_in_and_comes_out_again(home: Path, tmp_path: Path) -> None:
    document = shared_path("seeds", "002_ea242bac5a20fb20.txt")
    read = run(home, "plan", "import", document, "--publish", "--json")
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout)["reader"] == "isehara"
    rows = json.loads(run(home, "plan", "export", "--what", "indicators").stdout)["items"]
    cards = next(row for row in rows if row["label"] == "マイナンバーカードの交付率")
    assert cards["baseline"]["value"] == 64.8
    assert [(target["fiscal_year"], target["value"]) for target in cards["targets"]] == [
        (2023, 80),
        (2024, 90),
        (2025, 100),
    ]
    table = list(
        csv.DictReader(io.StringIO(run(home, "plan", "export", "--format", "csv", "--what", "projects").stdout))
    )
    assert len(table) == 34
    assert table[0]["municipality"] == "isehara"
    again = tmp_path / "isehara.json"
    assert run(home, "plan", "export", "--format", "data", "--output", again).returncode == 0
    second = run(home, "plan", "import", again, "--publish")
    assert second.returncode == 1
    assert "すでに公開" in second.stderr


@pytest.mark.shared
def test_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    result = run(tmp_path, "plan", "import", shared_path("seeds", "000_a1f557fcb0bb8986.txt"), "--dry-run")
    assert "事業31" in result.stdout
    assert "自治体" in run(tmp_path, "plan", "export").stderr


@pytest.mark.shared
def test_decision_tables_are_judged_by_the_compatibility_kit(tmp_path: Path) -> None:
    result = run(tmp_path, "decision", "check", shared_path("data", "dmn"), "--json")
    cases = json.loads(result.stdout)
    assert set(cases[0]) >= {"model", "case", "passed", "refused", "expected", "got"}
    level_two = [case for case in cases if "cl2" in case["model"] or "cl2" in case["case"]]
    assert all(case["passed"] for case in cases if not case["refused"]), [c for c in cases if not c["passed"]]
    assert result.returncode == 0
    assert level_two or len(cases) > 40


def test_doctor_finds_nothing_wrong_in_a_fresh_installation(home: Path) -> None:
    run(home, "worker", "--batch")
    result = run(home, "doctor", "--json")
    assert [finding for finding in json.loads(result.stdout) if finding["severity"] == "error"] == []
    assert result.returncode == 0
