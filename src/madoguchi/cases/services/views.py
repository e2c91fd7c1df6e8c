"""Saved views of the work list, each of one member of staff."""

from __future__ import annotations

from django.db import transaction

from madoguchi.trust.api import Account, municipality_in_scope

from ..errors import CasesError
from ..models import SavedView

MOST = 30


@transaction.atomic
def save_view(*, account: Account, name: str, query: str, is_default: bool = False) -> SavedView:
    """Keep a question under a name, in place of one with the same name; raises ``CasesError``."""
    if not name.strip():
        raise CasesError("表示の名前を入れてください。")
    if SavedView.objects.filter(account=account).exclude(name=name.strip()).count() >= MOST:
        raise CasesError(f"保存できる表示は{MOST}個までです。使わないものを消してください。")
    if is_default:
        SavedView.objects.filter(account=account).update(is_default=False)
    view, _ = SavedView.objects.update_or_create(
        municipality=municipality_in_scope(),
        account=account,
        name=name.strip()[:60],
        defaults={"query": query[:600], "is_default": is_default},
    )
    return view


def forget_view(*, account: Account, pk: int) -> bool:
    """Forget an own saved view; tell whether there was one."""
    return bool(SavedView.objects.filter(account=account, pk=pk).delete()[0])
