"""The trust room's background jobs."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock

from . import services
from .models import Municipality, acting_for
from .services import registry_imports, webhooks
from .services.delegations import expire_delegations as expire
from .services.identity import forget_attempts


@services.job(label=N_("メーターの集計"), every=timedelta(minutes=5))
def roll_up_meters() -> int:
    """Bring the daily readings of the meters up to date."""
    return services.roll_up_meters()


@services.job(label=N_("使われていないファイルの片付け"), every=timedelta(days=1))
def sweep_files() -> int:
    """Remove contents no stored file refers to."""
    return services.sweep_files()


@services.job(label=N_("記録の連鎖の確認"), every=timedelta(days=1), attempts=1)
def verify_chains() -> int:
    """Walk the chains of the municipality and record the outcome."""
    return services.verify_and_record()


@services.job(label=N_("終わったジョブの片付け"), every=timedelta(days=1), is_per_municipality=False)
def prune_jobs() -> int:
    """Forget jobs that ended long ago."""
    return services.prune_jobs()


@services.job(label=N_("サインインの失敗の記録の片付け"), every=timedelta(days=1))
def forget_sign_in_failures() -> int:
    """Forget failed sign-ins, which carry addresses, when they no longer lock anybody out."""
    return services.clear_old_failures(before=clock.now() - timedelta(days=1))


@services.job(label=N_("期限の切れたセッションの片付け"), every=timedelta(days=1), is_per_municipality=False)
def clear_sessions() -> int:
    """Forget sessions that have expired."""
    return services.clear_expired_sessions()


@services.job(label=N_("期限の過ぎた代理の片付け"), every=timedelta(hours=1))
def expire_delegations() -> int:
    """Mark delegations and invitation codes whose time is over."""
    return expire()


@services.job(label=N_("本人確認の試みの片付け"), every=timedelta(hours=1))
def forget_identity_attempts() -> int:
    """Forget visits to identity providers, which may hold what was received and never confirmed."""
    return forget_attempts(before=clock.now() - timedelta(hours=1))


@services.job(
    label=N_("ほかのシステムへの通知（Webhook）"),
    every=timedelta(seconds=30),
    attempts=1,
    is_per_municipality=False,
)
def deliver_webhooks() -> int:
    """Tell other systems what happened since the last time, municipality by municipality."""
    taken = 0
    for municipality in Municipality.objects.all():
        with acting_for(municipality):
            taken += webhooks.deliver_webhooks()
    return taken


@services.job(label=N_("住民記録の取り込み"))
def import_registry(*, import_id: int) -> int:
    """Bring the residents in line with a long file, part by part; going on where an earlier try stopped."""
    return registry_imports.run_import(import_id=import_id)


@services.job(label=N_("取り込みの済んだ住民記録のファイルの片付け"), every=timedelta(days=1))
def forget_registry_files() -> int:
    """Forget the files of residents that nobody needs any more."""
    return registry_imports.forget_files()
