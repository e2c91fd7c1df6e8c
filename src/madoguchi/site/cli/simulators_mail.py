"""``simulator mail``: a mail server that delivers nothing."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from .frame import Failure, start_django


@click.command()
@click.option(
    "--port", default=None, type=click.IntRange(0, 65535), help="ポート番号（既定: MADOGUCHI_SIMULATOR_PORT の3つ後）。"
)
@click.option(
    "--folder",
    default=None,
    type=click.Path(file_okay=False, path_type=Path),
    help="届いたメールを置くフォルダ（既定: MADOGUCHI_HOME/mail）。",
)
@click.option("--keep", default=200, show_default=True, type=click.IntRange(0, 100_000), help="残すメールの数。")
@click.option(
    "--mood",
    default="good",
    show_default=True,
    type=click.Choice(["good", "slow", "421", "closes", "dead", "hangs"]),
    help="正しくない動き。",
)
def mail(port: int | None, folder: Path | None, keep: int, mood: str) -> None:
    """
    メールサーバーの模擬プロセスを動かします。メールはどこにも届きません。

    届いたメールは1通ずつ .eml のファイルになります。宛先に bounce を含むメールは「宛先不明」として断り、greylist を含むメールは
    「あとで送り直す」よう求めます。--mood で、遅い（slow）、途中で接続を切る（421、closes）、何も受け付けない（dead）、
    返事をしない（hangs）サーバーになります。
    """
    start_django()
    from madoguchi.messaging.api import serve_mail_simulator
    from madoguchi.site import configuration

    if port is None:
        port = urlsplit(configuration.simulators().get("mail", "")).port
    if port is None:
        raise Failure("ポート番号を --port か MADOGUCHI_SIMULATOR_PORT で指定してください。")
    try:
        serve_mail_simulator(port, folder=folder or configuration.home() / "mail", keep=keep, mood=mood, say=click.echo)
    except OSError as error:
        raise Failure(
            f"127.0.0.1:{port} で待ち受けできません（{error.strerror or error}）。別の番号を指定してください。"
        ) from error
