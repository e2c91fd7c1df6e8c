"""Reports by satellite are the same telegrams: read from a receiver's lines, told once however often they are repeated."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.messaging.rules.qzss import read_report
from madoguchi.messaging.rules.telegram import Layer, Level, Status, TelegramError
from madoguchi.messaging.rules.telegram_rules import Home, Reach, match_warnings
from tests.shared import shared_path

THEN = datetime(2022, 3, 7, 13, 5, tzinfo=clock.TOKYO)
TSUNAMI = "$QZQSM,58,9AAFA99C828001E8F67C31053960414E621053BE00000000000000132735038*0F"


def lines() -> list[str]:
    text = shared_path("data", "qzss_dcr", "qzqsm_220307.log").read_text()
    return [line for line in text.splitlines() if line.startswith("$")]


@pytest.mark.shared
def test_every_line_of_the_log_is_read_and_is_training():
    reports = [read_report(line, received=THEN) for line in lines()]
    kinds = Counter(report.telegram.kind for report in reports)
    assert kinds == {
        "DCR-Nankai": 81, "DCR-AshFall": 6, "DCR-Weather": 3, "DCR-Tsunami": 2, "DCR-Flood": 2, "DCR-EEW": 1,
        "DCR-Hypocenter": 1, "DCR-Intensity": 1, "DCR-Volcano": 1,
    }  # fmt: skip
    assert {report.telegram.status for report in reports} == {Status.DRILL}
    assert all(report.telegram.report_time.year == 2022 for report in reports)


@pytest.mark.shared
def test_the_pages_of_one_long_report_are_one_report():
    nankai = {
        r.content for r in (read_report(line, received=THEN) for line in lines()) if r.telegram.kind == "DCR-Nankai"
    }
    assert len(nankai) == 1


def test_a_coast_is_told_with_its_wave():
    telegram = read_report(TSUNAMI, received=THEN).telegram
    (warning,) = telegram.warnings
    assert (warning.name, warning.level) == ("津波警報", Level.WARNING)
    assert [(area.layer, area.code, area.note) for area in warning.areas][:2] == [
        (Layer.COAST, "600", "高さ3m"),
        (Layer.COAST, "610", "高さ3m"),
    ]
    assert match_warnings(telegram, Home("39201", "高知市"))[0].reach is Reach.POSSIBLE


@pytest.mark.parametrize(
    "line",
    [
        "",
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47",
        TSUNAMI[:-2] + "00",
        TSUNAMI.replace("9AAFA9", "9AAFA8"),
        TSUNAMI[:40],
        "$QZQSM,58," + "F" * 63 + "*00",
    ],
)
def test_a_line_that_cannot_be_trusted_is_refused(line):
    with pytest.raises(TelegramError, match=r"[ぁ-ん]"):
        read_report(line, received=THEN)


@given(st.text(max_size=120))
def test_any_text_is_refused_in_words(text):
    with pytest.raises(TelegramError):
        read_report(text, received=THEN)
