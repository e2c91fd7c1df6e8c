"""Topics, for everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_
from ninja import Router

from ..models import Topic
from ..schema.messages import BroadcastProblem
from ..schema.topics import TopicList
from .common import Limit, Offset

router = Router(tags=["messages"])


@router.get("/topics", response={200: TopicList, frozenset({400, 422}): BroadcastProblem}, summary=N_("お知らせの分野"))
def topics(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> Any:
    """List the topics in use, in the city's order; ``is_open`` ones can be chosen by everybody."""
    found = Topic.objects.filter(retired_at__isnull=True)
    items = [
        {"code": one.code, "names": one.names, "descriptions": one.descriptions, "is_open": one.is_open}
        for one in found[offset : offset + limit]
    ]
    return {"count": found.count(), "items": items}
