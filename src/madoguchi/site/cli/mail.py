"""``mail``: what comes back of the city's mails."""

from __future__ import annotations

from typing import BinaryIO

import click

from .frame import Failure, start_django


@click.group()
def mail() -> None:
    """戻ってきたメール（宛先不明・苦情）を受け取ります。"""


@mail.command()
@click.option("--recipient", "recipients", multiple=True, help="封筒の宛先。メールサーバーが知っていれば渡します。")
@click.argument("file", type=click.File("rb"), default="-")
def bounce(recipients: tuple[str, ...], file: BinaryIO) -> None:
    """
    戻ってきたメール1通を読み、宛先の扱いを決めます（例: メールサーバーの転送先に |madoguchi mail bounce）。

    宛先不明なら、その宛先には送らなくなります。一時的な理由なら数え、30日に5回で送らなくなります。苦情なら、緊急以外を止めます。
    不在の自動返信や、署名のない宛先に届いたものは、何も変えません。
    """
    start_django()
    from madoguchi.messaging.api import read_report, take_reports, verp_keys

    report = read_report(file.read(), recipients=recipients, keys=verp_keys())
    taken = take_reports(reports=[report])
    changed = taken.hard + taken.soft + taken.complaints
    click.echo(f"{report.kind} {report.text}".strip() if changed else f"ignored {report.text}".strip())


@mail.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="待ち受けるアドレス。")
@click.option("--port", required=True, type=click.IntRange(0, 65535), help="ポート番号。")
@click.option("--lmtp", is_flag=True, help="SMTPの代わりにLMTPで受け取ります。")
def listen(host: str, port: int, lmtp: bool) -> None:
    """
    戻ってきたメールを待ち受けます。市のメールサーバーから、戻り先のドメインのメールをここへ渡してください。

    署名のない宛先は断ります。返事は、記録を終えてから返します。止めるには Ctrl-C を押します。
    """
    start_django()
    from madoguchi.messaging.api import listen_for_bounces

    try:
        listen_for_bounces(host, port, is_lmtp=lmtp, say=click.echo)
    except OSError as error:
        raise Failure(
            f"{host}:{port} で待ち受けできません（{error.strerror or error}）。別の番号を指定してください。"
        ) from error
