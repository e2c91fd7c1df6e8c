"""``simulator``: outside services that cannot exist here, as processes of their own on loopback."""

from __future__ import annotations

import click

from .simulators_authority import authority
from .simulators_identity import identity
from .simulators_jma import jma
from .simulators_line import line
from .simulators_mail import mail
from .simulators_payment import payment
from .simulators_push import push
from .simulators_sms import sms


@click.group()
def simulator() -> None:
    """外部のサービス（決済、認証局・時刻認証局、本人確認、メール、LINE）の模擬プロセスを動かします。見本と試験のためのものです。"""


simulator.add_command(payment)
simulator.add_command(authority)
simulator.add_command(identity)
simulator.add_command(mail)
simulator.add_command(line)
simulator.add_command(sms)
simulator.add_command(push)
simulator.add_command(jma)
