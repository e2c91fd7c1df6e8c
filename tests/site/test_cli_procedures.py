"""Definitions from the command line: what it prints, what its exit status says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from madoguchi.site.cli.procedures import procedure
from tests.trust.people import make_odawara

pytestmark = [pytest.mark.django_db, pytest.mark.database]

GOOD = {
    "format": "madoguchi.procedure/1",
    "code": "road",
    "name": {"ja": "道路に物を置く許可"},
    "form": {"steps": [{"code": "one", "title": {"ja": "質問"}, "fields": [
        {"code": "why", "component": "text", "label": {"ja": "理由"}}]}]},
    "tests": [{"name": "理由がないと出せない", "expect": {"valid": False, "errors": ["why"]}}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def city(db) -> None:
    make_odawara()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(procedure, [str(argument) for argument in arguments])


def write(folder: Path, name: str, document: object) -> Path:
    file = folder / name
    file.write_text(document if isinstance(document, str) else json.dumps(document, ensure_ascii=False), "utf-8")
    return file


def test_a_file_is_imported_published_and_exported_the_same(tmp_path: Path) -> None:
    file = write(tmp_path, "road.procedure.json", GOOD)
    done = run("import", file, "--publish", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == {"code": "road", "version": 1, "published": True}
    exported = run("export", "road")
    assert exported.exit_code == 0, exported.stderr
    assert json.loads(exported.stdout) == GOOD
    again = write(tmp_path, "again.procedure.json", exported.stdout)
    assert run("import", again, "--publish").exit_code == 0
    assert run("export", "road").stdout == exported.stdout
    assert run("test", "road").exit_code == 0


def test_the_exit_status_says_what_is_wrong(tmp_path: Path) -> None:
    file = write(tmp_path, "good.json", GOOD)
    assert run("test", file).exit_code == 0
    assert run("lint", file).exit_code == 0
    assert run("lint", file, "--strict").exit_code == 1
    failing = {**GOOD, "code": "failing", "tests": [{"name": "空でよい", "expect": {"valid": True}}]}
    wrong = write(tmp_path, "wrong.json", failing)
    tested = run("test", wrong, "--json")
    assert tested.exit_code == 1
    assert json.loads(tested.stdout)[0]["differences"] == [{"name": "valid", "expected": True, "got": False}]
    refused = run("import", wrong, "--publish")
    assert refused.exit_code == 1
    assert "まだ公開できません" in refused.stderr
    cyclic = {**GOOD, "form": {"steps": [{"code": "a", "title": {"ja": "あ"}, "fields": [
        {"code": "x", "component": "calculated", "label": {"ja": "数"}, "calculation": "x + 1"}]}]}}  # fmt: skip
    judged = run("lint", write(tmp_path, "cyclic.json", cyclic), "--json")
    assert judged.exit_code == 1
    assert "cycle" in {item["code"] for item in json.loads(judged.stdout)["findings"]}
    for unreadable in (write(tmp_path, "no.json", "{"), tmp_path / "nowhere.json", "nothing-there"):
        for command in ("lint", "test"):
            result = run(command, unreadable)
            assert result.exit_code == 2, result.stdout
            assert "madoguchi:" in result.stderr
