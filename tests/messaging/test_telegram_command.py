"""``madoguchi jma ingest`` and ``madoguchi qzss ingest`` say what they read, what they would do, and why not."""

from __future__ import annotations

import io
import json
import tarfile

import pytest
from click.testing import CliRunner

from madoguchi.kit import clock
from madoguchi.messaging.models import Alert, Telegram
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.site.cli import cli

from .conftest import NOON
from .telegrams import earthquake
from .test_satellite_reports import TSUNAMI

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def quiet(city, settings, tmp_path):
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    live_table.clear()
    with clock.frozen(NOON):
        yield
    live_table.clear()


def run(*arguments: str, data: bytes = b""):
    return CliRunner().invoke(cli, [str(one) for one in arguments], input=data)


def test_a_file_a_folder_an_archive_and_a_pipe_are_read(tmp_path):
    folder = tmp_path / "telegrams"
    folder.mkdir()
    (folder / "a_VXSE53.xml").write_bytes(earthquake("5+"))
    archive = tmp_path / "all.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        for number in range(2):
            data = earthquake("5-", event_id=f"2026112011500{number}")
            member = tarfile.TarInfo(f"b{number}.xml")
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))
    result = run("jma", "ingest", folder, archive, "-", "--dry-run", "--json", data=earthquake("4"))
    said = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 0, result.output
    assert [one["file"] for one in said] == ["a_VXSE53.xml", "b0.xml", "b1.xml", "（標準入力）"]
    assert {one["kind"] for one in said} == {"VXSE53"}
    cities = [area for warning in said[0]["warnings"] for area in warning["areas"] if area["layer"] == "city"]
    assert cities[0]["municipality_codes"] == ["142069"]
    assert [one["actions"][0]["what"] for one in said] == ["issue", "issue", "issue", "draft"]
    assert not Alert.objects.exists()
    assert not Telegram.objects.exists()


def test_a_telegram_is_taken_and_the_second_time_refused(tmp_path):
    path = tmp_path / "quake.xml"
    path.write_bytes(earthquake("5+"))
    first = run("jma", "ingest", path)
    assert (first.exit_code, Alert.objects.count()) == (0, 1)
    assert "小田原市（142069）発表 震度５強" in first.output
    second = run("jma", "ingest", path, "-m", "odawara")
    assert (second.exit_code, Alert.objects.count()) == (1, 1)
    assert "受け取り済み" in second.output


def test_an_old_telegram_is_refused_and_says_what_it_would_have_done(tmp_path):
    path = tmp_path / "old.xml"
    path.write_bytes(earthquake("5+", reported="2021-02-13T23:15:00+09:00"))
    result = run("jma", "ingest", path, "--dry-run")
    assert result.exit_code == 1
    assert "古い電文" in result.output
    assert "（対象なら） 小田原市（142069）発表します" in result.output
    assert run("jma", "ingest", path, "--as-of", "yesterday").exit_code == 1


def test_what_cannot_be_read_is_said_and_the_rest_is_taken(tmp_path):
    bad, good = tmp_path / "bad%s.xml", tmp_path / "good.xml"
    bad.write_bytes(b"<html/>")
    good.write_bytes(earthquake("5+"))
    result = run("jma", "ingest", bad, tmp_path / "missing.xml", good)
    assert (result.exit_code, Alert.objects.count()) == (2, 1)


def test_a_receivers_lines_are_taken_once_and_the_rest_is_passed_over(tmp_path):
    path = tmp_path / "nmea.log"
    path.write_text(f"$GPGGA,1*00\n{TSUNAMI}\n{TSUNAMI}\n$QZQSM,58,00*00\n")
    result = run("qzss", "ingest", path, "--as-of", "2022-03-07T13:05", "--json", "--dry-run")
    said = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 2
    assert [one.get("status", "error") for one in said] == ["drill", "error"]
    assert not Telegram.objects.exists()
