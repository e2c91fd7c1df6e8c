"""Permission as one policy object per noun: everything about who may do what to it stands in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from .errors import RefusedError
from .models import Account

Rule = Callable[[Account | None, Any], bool]


class Policy:
    """
    Decides who may act on one kind of thing.

    A subclass names its ``noun`` (shown to people) and gives ``rules``: action → function of actor and subject.
    An action without a rule is refused.
    """

    noun: ClassVar[str] = ""
    rules: ClassVar[Mapping[str, Rule]] = {}

    def allows(self, actor: Account | None, action: str, subject: Any = None) -> bool:
        """Tell whether the actor may do this to the subject (None for the kind as a whole)."""
        rule = self.rules.get(action)
        return rule is not None and rule(actor, subject)

    def require(self, actor: Account | None, action: str, subject: Any = None) -> None:
        """Do nothing when allowed; raise ``RefusedError`` before anything is changed otherwise."""
        if not self.allows(actor, action, subject):
            raise RefusedError(
                f"{self.noun}に対するこの操作（{action}）の権限がありません。所属の管理者にお問い合わせください。"
            )
