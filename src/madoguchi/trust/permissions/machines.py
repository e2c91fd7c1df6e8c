"""Who may let programs in, and have other systems told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from ..enums import Role
from .base import Policy, Rule, has_role

_administrator = has_role(Role.ADMINISTRATOR)
_ASK = N_("機械連携を扱えるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。")


class MachinePolicy(Policy):
    """Tokens of programs and the addresses that are told of events."""

    noun = N_("機械連携")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": _administrator,
        "issue": _administrator,
        "revoke": _administrator,
        "subscribe": _administrator,
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "issue": N_("トークンを発行する"),
        "revoke": N_("トークンを失効させる"),
        "subscribe": N_("配信先を登録する"),
    }
    reasons: ClassVar[Mapping[str, str]] = {"view": _ASK, "issue": _ASK, "revoke": _ASK, "subscribe": _ASK}


machine_policy = MachinePolicy()
