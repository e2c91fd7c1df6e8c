"""The command line ``madoguchi``: everything an operator does, each command with a manual of its own."""

from __future__ import annotations

import sys

import click

from .cap import cap
from .decisions import decision
from .frame import DATABASE_HINT, Failure, is_database_away
from .jma import jma, qzss
from .line import line
from .mail import mail
from .municipalities import municipality
from .operations import backup, demonstration, doctor, migrate, restore
from .plans import plan
from .procedures import procedure
from .residents import residents
from .servers import serve, worker
from .simulators import simulator
from .tokens import token
from .workflow import workflow


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="madoguchi", message="%(prog)s %(version)s")
def cli() -> None:
    """
    Madoguchi（窓口）: 市役所のしごとを1つの仕組みで動かし、計画の進み具合を測ります。

    \b
    はじめての設置:
      madoguchi migrate                       データベースを用意する
      madoguchi municipality add …            自治体を登録する
      madoguchi plan import 計画書.txt         計画書を読み取る
      madoguchi serve                         ウェブサーバーを動かす
      madoguchi worker                        ジョブと記録の封印を動かす

    \b
    設定（環境変数）:
      MADOGUCHI_HOME            データを置くフォルダ（既定: ./var）
      MADOGUCHI_DATABASE_URL    sqlite:///パス または postgresql://利用者:鍵@ホスト/名前
      MADOGUCHI_SECRET_KEY      署名の鍵（既定: データフォルダに1度だけ作成）
      MADOGUCHI_DEMONSTRATION   1 にすると見本として動かす

    各コマンドの説明は「madoguchi コマンド --help」でご覧ください。
    """


for command in (
    serve,
    worker,
    migrate,
    municipality,
    plan,
    procedure,
    workflow,
    decision,
    backup,
    restore,
    doctor,
    demonstration,
    residents,
    mail,
    cap,
    jma,
    qzss,
    simulator,
    token,
    line,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; a known failure is one clear line and exit status 1."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except Failure as error:
        click.echo(f"madoguchi: {error}", err=True)
        sys.exit(1)
    except Exception as error:
        if not is_database_away(error):
            raise
        click.echo(f"madoguchi: データベースを使えません（{str(error).splitlines()[0]}）。{DATABASE_HINT}", err=True)
        sys.exit(1)


__all__ = ["cli", "main"]
