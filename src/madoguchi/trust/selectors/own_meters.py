"""The trust room's own meters: sign-ins, staff, second factors, failed jobs."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db.models import QuerySet

from madoguchi.kit import clock

from .. import events
from ..enums import AccountKind, MeterKind
from ..models import Account, Municipality
from ..registry import Meter, Share, count_events


def active_staff() -> QuerySet[Account]:
    """Return the staff of the municipality in scope who can sign in."""
    return Account.objects.filter(kind=AccountKind.STAFF, is_active=True)


def staff_with_second_factor() -> QuerySet[Account]:
    """Return the active staff who have a passkey or an authenticator app."""
    authenticators = apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "webauthn"])
    return active_staff().filter(pk__in=authenticators.values("user_id"))


def _count_staff(municipality: Municipality, day: date) -> int | None:
    # Who was active on an earlier day is not kept; a gap is better than today's number under another date.
    return active_staff().count() if day == clock.today() else None


def _count_protected(municipality: Municipality, day: date) -> int | None:
    return staff_with_second_factor().count() if day == clock.today() else None


def _staff(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Account]:
    return active_staff().order_by("name_kana", "pk")


OWN_METERS = (
    Meter(
        key="trust.sign_ins",
        unit="回",
        kind=MeterKind.FLOW,
        label="サインインの回数",
        description="職員と住民がサインインした回数。",
        source=count_events(events.SIGNED_IN.key),
    ),
    Meter(
        key="trust.active_staff",
        unit="人",
        kind=MeterKind.STOCK,
        label="利用できる職員の数",
        description="停止されていない職員のアカウントの数。",
        source=_count_staff,
        evidence=_staff,
    ),
    Meter(
        key="trust.staff_with_second_factor",
        unit="%",
        kind=MeterKind.RATIO,
        label="二要素認証を使う職員の割合",
        description="利用できる職員のうち、パスキーまたは認証アプリを登録した人の割合。",
        source=Share(_count_protected, _count_staff),
        evidence=_staff,
    ),
    Meter(
        key="trust.jobs_failed",
        unit="件",
        kind=MeterKind.FLOW,
        label="失敗したジョブの数",
        description="やり直しても終わらなかったジョブの数。",
        source=count_events(events.JOB_FAILED.key, where={"final": True}, by="job"),
    ),
)
