"""Background jobs of the procedures room."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from .services import applying, casework, exporting, surveys, telling


@job(label=N_("保存期限を過ぎた入力途中の申請を消す"), every=timedelta(days=1))
def expire_drafts() -> int:
    """Delete drafts whose time has passed, with their files."""
    return applying.expire_drafts()


@job(label=N_("入力途中の申請が消える前に知らせる"), every=timedelta(days=1))
def remind_drafts() -> int:
    """Tell the owners of drafts that go in seven days, and again the day before."""
    return telling.remind_drafts()


@job(label=N_("期間の終わったアンケートを締め切る"), every=timedelta(days=1))
def close_surveys() -> int:
    """Close surveys whose last day is over; who was invited is forgotten then."""
    return surveys.close_due_surveys()


@job(label=N_("受け付けた申請の案件を始める"), attempts=6)
def open_case(*, application_id: int) -> str:
    """Open the case of an application that was sent; doing it again changes nothing."""
    return casework.open_case_for(application_id=application_id).number


@job(label=N_("手数料の入金や期限切れを案件に伝える"), attempts=6)
def follow_payment(*, application_id: int, status: str) -> None:
    """Tell the workflow of an application what happened to its fee."""
    casework.fee_changed(application_id=application_id, status=status)


@job(label=N_("基幹システム用のファイルをつくる"))
def make_export(*, export_id: int) -> int:
    """Make the file of an export; one that is ready is left alone."""
    return exporting.run_export(export_id=export_id)
