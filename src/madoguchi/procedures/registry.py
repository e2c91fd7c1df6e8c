"""What machine tokens can be good for in the procedures room."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import Scope

SEND = Scope("applications.send", N_("申請を送る、補正に答える、取り下げる"))
READ = Scope("applications.read", N_("申請の内容とやりとりを読む（閲覧は記録されます）"))
VOUCH = Scope("applications.vouch", N_("公的な本人確認をしたものとして申請を送る"))
SCOPES = (SEND, READ, VOUCH)
