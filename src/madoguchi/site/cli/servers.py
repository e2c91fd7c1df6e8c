"""``serve`` and ``worker``: the two processes of an installation."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading

import click

from .frame import Failure, start_django


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="待ち受けるアドレス。")
@click.option(
    "--port",
    default=lambda: int(os.environ.get("PORT", "8000")),
    type=int,
    help="ポート番号（既定: PORT または 8000）。",
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="プロセス数。SQLiteでは1のまま使います。",
)
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="プロセスごとの同時処理数。")
def serve(host: str, port: int, processes: int, threads: int) -> None:
    """
    ウェブサーバーを動かします。

    止めるには Ctrl-C を押します。ジョブと記録の封印は「madoguchi worker」が受け持ちますので、両方を動かしてください。
    """
    start_django()
    from granian import Granian
    from granian.constants import Interfaces

    try:
        Granian(
            "madoguchi.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=threads,
            log_access=False,
            websockets=False,
        ).serve()
    except OSError as error:
        raise Failure(
            f"{host}:{port} で待ち受けできません（{error.strerror or error}）。--port で別の番号を指定してください。"
        ) from error


@click.command()
@click.option("--batch", is_flag=True, help="待っているジョブを片付けたら終わります。")
def worker(batch: bool) -> None:
    """
    ジョブを実行し、出来事の記録を1秒以内に封印します。

    SQLiteでは1つだけ動かしてください。途中で止まっても、ジョブも記録も失われません。
    """
    start_django()
    from django.core.management import call_command

    from madoguchi.trust.api import run_caretaker, run_sealer, seal_everything

    if batch:
        call_command("db_worker", batch=True, queue_name="*", verbosity=0, startup_delay=False)
        seal_everything()
        return
    # The caretaker gives signs of life under the id the jobs are claimed with: that is how jobs of a dead worker are known.
    name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
    stop = threading.Event()
    companions = [
        threading.Thread(target=run_sealer, args=(stop,), name="sealer", daemon=True),
        threading.Thread(target=run_caretaker, args=(stop,), kwargs={"worker": name}, name="caretaker", daemon=True),
    ]
    for companion in companions:
        companion.start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        call_command(
            "db_worker", queue_name="*", worker_id=name, verbosity=1, startup_delay=False, interval=0.5, reload=False
        )
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        for companion in companions:
            companion.join(timeout=5)
