"""Lock-out: after some failed password sign-ins an account, or the address they come from, has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from madoguchi.kit import clock

from .. import events
from ..errors import SignInLockedError
from ..models import Account, SignInFailure, current_municipality
from ..permissions import account_policy
from ..selectors import find_account
from .events import record_event


def begin_sign_in(*, name: str, address: str | None) -> SignInFailure:
    """
    Count one attempt as failed before the password is looked at, so that parallel guesses cannot slip through.

    ``name`` is what was typed. Raises ``SignInLockedError`` (and writes the refusal) while the account or the address
    has to wait; such attempts do not prolong the wait. Give the result to ``finish_sign_in``.
    """
    account = find_account(name)
    with transaction.atomic():
        attempt = SignInFailure(
            municipality=current_municipality(),
            account=account,
            name_digest=_digest(account.username if account else name),
            address=address,
            at=clock.now(),
        )
        if account is not None:
            # One guess at a time per account: without the lock two processes would both see room for one more.
            Account.objects.select_for_update().filter(pk=account.pk).first()
        until = _locked_until(attempt)
        if until is None:
            attempt.save()
    if until is not None:
        _refuse(attempt, "locked")
        raise SignInLockedError(_message(until), until=until)
    return attempt


def finish_sign_in(*, attempt: SignInFailure, succeeded: bool) -> None:
    """Forgive the failures of the account after a right password, or write the refusal after a wrong one."""
    if not succeeded:
        _refuse(attempt, "password")
        return
    SignInFailure.objects.filter(name_digest=attempt.name_digest).delete()


@transaction.atomic
def unlock(*, actor: Account, account: Account | None = None, address: str | None = None) -> int:
    """
    Let an account or an address sign in again at once; returns how many failures were forgiven.

    Raises ``RefusedError`` for anybody but an administrator.
    """
    account_policy.require(actor, "unlock", account)
    if account is None and address is None:
        raise ValueError("an account or an address is needed")
    failures = (
        SignInFailure.objects.filter(account=account) if account else SignInFailure.objects.filter(address=address)
    )
    forgiven, _ = failures.delete()
    record_event(
        kind=events.ACCOUNT_UNLOCKED, subject=account or current_municipality(), actor=actor, quantity=forgiven
    )
    return forgiven


def clear_old_failures(*, before: datetime) -> int:
    """Delete failures older than a moment; they carry addresses and are needed for minutes only."""
    return SignInFailure.objects.filter(at__lt=before).delete()[0]


def _locked_until(attempt: SignInFailure) -> datetime | None:
    limits = settings.SIGN_IN_LIMITS
    window = timedelta(minutes=limits["minutes"])
    recent = SignInFailure.objects.filter(at__gt=attempt.at - window)
    waits = [_last_beyond(recent.filter(name_digest=attempt.name_digest), limits["account"])]
    if attempt.address:
        waits.append(_last_beyond(recent.filter(address=attempt.address), limits["address"]))
    found = [moment + window for moment in waits if moment is not None]
    return max(found, default=None)


def _last_beyond(failures: QuerySet[SignInFailure], limit: int) -> datetime | None:
    moments = list(failures.order_by("-at").values_list("at", flat=True)[:limit])
    return moments[0] if len(moments) >= limit else None


def _refuse(attempt: SignInFailure, reason: str) -> None:
    subject = attempt.account or current_municipality()
    record_event(kind=events.SIGN_IN_REFUSED, subject=subject, data={"reason": reason})


def _digest(name: str) -> str:
    return salted_hmac("madoguchi.trust.sign_in", name.strip().lower(), algorithm="sha256").hexdigest()


def _message(until: datetime) -> str:
    municipality = current_municipality()
    whom = _("管理者、または%(name)s（電話 %(phone)s）") if municipality.phone else _("所属の管理者")
    words = {
        "time": f"{clock.local(until):%H:%M}",
        "whom": whom % {"name": municipality.name, "phone": municipality.phone} if municipality.phone else whom,
    }
    return (
        _(
            "サインインに続けて失敗したため、%(time)sまで、パスワードではサインインできません。"
            "パスキーをお持ちの方は、今すぐパスキーでサインインできます。お急ぎのときは、%(whom)sにご連絡ください。"
        )
        % words
    )
