"""Acting for another person (代理): the proof is asked for at the start and again whenever something is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, Delegation, Resident, delegations_of

from ...errors import ProxyError
from ...models import Application, Draft
from ...rules.definition import Definition


@dataclass(frozen=True, slots=True)
class Proxy:
    """For whom somebody acts, and by which delegation."""

    delegation: Delegation

    @property
    def resident(self) -> Resident | None:
        """The person acted for, where the registry knows them."""
        found = self.delegation.resident or getattr(self.delegation.principal, "resident", None)
        return found if isinstance(found, Resident) else None

    def as_json(self) -> dict[str, Any]:
        """Return what is kept with the draft and the application: the proof as it was then."""
        return {
            "delegation": self.delegation.reference,
            "name": self.delegation.principal_name,
            "kind": str(self.delegation.kind),
            "until": self.delegation.valid_until.isoformat(),
            "principal": self.delegation.principal_id,
        }


def proxies_of(*, account: Account | None, definition: Definition) -> list[Proxy]:
    """Return for whom an account may apply for this procedure today."""
    if account is None or not definition.delegates:
        return []
    return [Proxy(item) for item in delegations_of(account, procedure=definition.code)]


def proxy_for(
    *, account: Account | None, definition: Definition, resident: Resident | None, reference: str = ""
) -> Proxy | None:
    """
    Return the proxy an application is begun with; None where somebody applies for themselves.

    Raises ``ProxyError`` where the procedure admits no proxies or no delegation in force covers it.
    """
    if not reference and (resident is None or _is_own(account, resident)):
        return None
    if not definition.delegates:
        raise ProxyError(_("この手続は、代理では申請できません。本人が申請してください。"))
    for proxy in proxies_of(account=account, definition=definition):
        if proxy.delegation.reference == reference or (resident is not None and proxy.resident == resident):
            return proxy
    raise ProxyError(
        _("この方の代理として、この手続を申請することはできません。代理の期限と、対象の手続をお確かめください。")
    )


def _is_own(account: Account | None, resident: Resident) -> bool:
    return account is not None and resident.account_id == account.pk


def require_proxy(*, draft: Draft | Application, actor: Account | None, definition: Definition) -> None:
    """Do nothing for somebody who acts for themselves or by a delegation still in force; raise ``ProxyError`` otherwise."""
    if not draft.proxy or (actor is not None and actor.pk == draft.proxy.get("principal")):
        return
    if any(
        item.delegation.reference == draft.proxy["delegation"]
        for item in proxies_of(account=actor, definition=definition)
    ):
        return
    raise ProxyError(
        _("%(name)sさんの代理の期限が過ぎたか、取り消されたため、送信できません。回答は保存してあります。")
        % {"name": draft.proxy["name"]}
    )
