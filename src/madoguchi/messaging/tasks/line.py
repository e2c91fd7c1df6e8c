"""Jobs of the LINE channel."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import enqueue_once, job

from ..models import Endpoint
from ..plugins.line.handling import handle_waiting
from ..plugins.line.richmenu import give_menu as give
from ..plugins.line.richmenu import publish_menus
from ..services.line import forget_old_events
from ..services.line.chunks import forget_old_chunks


@job(label=N_("LINEからの通知の処理"), attempts=4, backoff=timedelta(seconds=5))
def handle_events() -> int:
    """Handle what LINE told and answer it."""
    handled, left = handle_waiting()
    if left:
        enqueue_once("messaging.tasks.line.handle_events")
    return handled


@job(label=N_("LINEのメニューの言語"), attempts=4)
def give_menu(endpoint_id: int) -> bool:
    """Show a friend the menu in their language."""
    endpoint = Endpoint.objects.select_related("recipient").filter(pk=endpoint_id).first()
    return endpoint is not None and give(endpoint)


@job(label=N_("LINEのメニューの公開"), attempts=3)
def publish_menu(actor_id: int | None = None) -> int:
    """Publish the menus of the municipality to all friends."""
    return len(publish_menus(actor_id=actor_id).menus)


@job(label=N_("LINEの古い記録の片付け"), every=timedelta(days=1))
def tidy() -> int:
    """Forget what is no longer needed of requests and events."""
    return forget_old_chunks() + forget_old_events()
