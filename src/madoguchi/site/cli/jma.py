"""``jma`` and ``qzss``: telegrams of the Meteorological Agency from files, a receiver, or a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from .frame import Failure, find_municipality, municipality_option, start_django
from .jma_output import as_json, describe
from .jma_sources import read_lines, read_sources

REFUSED, UNREADABLE = 1, 2


@click.group()
def jma() -> None:
    """気象庁の電文（気象庁防災情報XML）を取り込みます。"""


@click.group()
def qzss() -> None:
    """衛星（みちびき）の災害・危機管理通報（災危通報）を取り込みます。"""


def _options(command: Any) -> Any:
    """Add what both commands take."""
    for option in (
        click.option("--json", "as_lines", is_flag=True, help="結果をJSON（1行に1件）で出力します。"),
        click.option(
            "--as-of",
            metavar="TIME",
            help="この時刻（例: 2024-01-16T18:43+09:00）に届いたものとして試します。見本でない設置では、発表は訓練になります。",
        ),
        click.option("--dry-run", is_flag=True, help="何をするかを調べるだけで、何も変えません。"),
        municipality_option,
    ):
        command = option(command)
    return command


@jma.command("ingest")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_options
def ingest_jma(
    files: tuple[str, ...], municipality: str | None, dry_run: bool, as_of: str | None, as_lines: bool
) -> None:
    """
    電文を取り込み、決まりに従って緊急情報を発表・更新・解除・下書きします。

    FILE は XML、フォルダー、tar（.tar.gz など）、.gz、または - （標準入力）です。省略すると、設置のすべての自治体について判断
    します。訓練・試験の電文、古い電文、繰り返し、対象でない区域の電文は何もせず、理由を表示します。

    \b
    終了コード:
      0  すべて読み取った
      1  読み取ったが、対象外にした電文がある（訓練・試験、古い、失効、繰り返し）
      2  読み取れないものがある（ほかは取り込んだ）
    """
    start_django()
    from madoguchi.messaging.api import TelegramError, take_telegram

    options = _prepare(municipality, dry_run, as_of, as_lines)
    worst = 0
    for name, data in read_sources(files):
        if isinstance(data, str):
            worst = UNREADABLE
            _say_unreadable(name, data, as_lines)
            continue
        try:
            taken = take_telegram(data=data, source="file", name=name, **options)
        except TelegramError as error:
            worst = UNREADABLE
            _say_unreadable(name, str(error), as_lines)
            continue
        worst = max(worst, REFUSED if _is_refused(taken) else 0)
        click.echo(as_json(name, taken, dry_run) if as_lines else describe(name, taken, dry_run))
    sys.exit(worst)


@qzss.command("ingest")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_options
def ingest_qzss(
    files: tuple[str, ...], municipality: str | None, dry_run: bool, as_of: str | None, as_lines: bool
) -> None:
    """
    受信機の記録（NMEAの $QZQSM の行）を取り込みます。ほかの行は読み飛ばします。

    衛星は同じ通報を4秒ごとに繰り返すので、同じものは1度だけ扱います。通報には年がないので、古い記録には --as-of が要ります。

    \b
    終了コード:
      0  すべて読み取った
      1  読み取ったが、対象外にした通報がある（訓練・試験、古い、繰り返し）
      2  読み取れない行がある（ほかは取り込んだ）
    """
    sys.exit(_take_lines(_file_lines(files), municipality, dry_run, as_of, as_lines))


@qzss.command("listen")
@click.option("--device", metavar="PATH", help="受信機の装置（例: /dev/ttyACM0）か名前付きパイプ。")
@click.option("--tcp", metavar="HOST:PORT", help="NMEAを流すサーバー（gpsd など）。")
@_options
def listen(
    device: str | None, tcp: str | None, municipality: str | None, dry_run: bool, as_of: str | None, as_lines: bool
) -> None:
    """受信機の行を待ち続け、届いた通報を取り込みます。切れたときは間を置いてつなぎ直します。Ctrl-Cで止めます。"""
    if bool(device) == bool(tcp):
        raise Failure("--device か --tcp のどちらか1つを指定してください。")
    try:
        _take_lines(read_lines(device=device, tcp=tcp), municipality, dry_run, as_of, as_lines)
    except KeyboardInterrupt:
        sys.exit(130)


def _prepare(municipality: str | None, dry_run: bool, as_of: str | None, as_lines: bool) -> dict[str, Any]:
    """Return the options of the services; a rehearsal is announced, and a drill where the installation is a real one."""
    from django.conf import settings

    moment = _moment(as_of)
    as_drill = moment is not None and not settings.DEMONSTRATION
    if moment is not None and not as_lines:
        how = "発表は訓練として行います" if as_drill else "見本の設置なので、実際の発表として行います"
        click.echo(
            f"※ 試しの取り込み: {moment:%Y-%m-%d %H:%M} に届いたものとして扱います（{'何も変えません' if dry_run else how}）。"
        )
    chosen = [find_municipality(municipality)] if municipality else None
    return {"dry_run": dry_run, "as_of": moment, "as_drill": as_drill, "municipalities": chosen}


def _moment(text: str | None) -> datetime | None:
    from madoguchi.kit.clock import TOKYO

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Failure(f"--as-of {text}: 2024-01-16T18:43+09:00 の形で指定してください。") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=TOKYO)


def _file_lines(files: tuple[str, ...]) -> Iterator[str]:
    for name in files:
        try:
            with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
                for line in stream:
                    yield line[:400].decode("ascii", "replace")
        except OSError as error:
            raise Failure(f"{name} を読めません（{error.strerror}）。") from error


def _take_lines(
    lines: Iterator[str], municipality: str | None, dry_run: bool, as_of: str | None, as_lines: bool
) -> int:
    start_django()
    from madoguchi.messaging.api import SatelliteReader, TelegramError

    reader = SatelliteReader(**_prepare(municipality, dry_run, as_of, as_lines))
    worst = repeated = 0
    for number, line in enumerate(lines, start=1):
        if not line.startswith("$QZQSM"):
            continue
        name = f"{number}行目"
        try:
            taken = reader.take(line)
        except TelegramError as error:
            worst = UNREADABLE
            _say_unreadable(name, str(error), as_lines)
            continue
        if taken is None:
            repeated += 1
            continue
        worst = max(worst, REFUSED if _is_refused(taken) else 0)
        click.echo(as_json(name, taken, dry_run) if as_lines else describe(name, taken, dry_run))
    if repeated and not as_lines:
        click.echo(f"同じ通報の繰り返し: {repeated}行")
    return worst


def _is_refused(taken: Any) -> bool:
    return bool(taken.refusal) or any("受け取り済み" in one.why or "繰り返し" in one.why for one in taken.actions)


def _say_unreadable(name: str, why: str, as_lines: bool) -> None:
    if as_lines:
        click.echo(json.dumps({"file": name, "error": why}, ensure_ascii=False))
    else:
        click.echo(f"{name}\n  読み取れません: {why}", err=True)
