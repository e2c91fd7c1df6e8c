"""What machine tokens can be good for in the messaging room."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import Scope

READ = Scope("messages.read", N_("お知らせの状態と配信の結果を読む"))
WRITE = Scope("messages.write", N_("お知らせの下書きを作り、承認を求める"))
ALERTS = Scope("alerts.write", N_("ほかの機関の緊急情報（CAP）を送る"))

SCOPES: tuple[Scope, ...] = (READ, WRITE, ALERTS)
"""Every scope of the room."""
