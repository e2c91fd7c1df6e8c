"""Answers that were sent after the sign-in had ended: kept in the session until their owner has signed in again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from .frame import posted

KEY = "held_answers"
LARGEST = 200_000


def hold(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Keep what was sent for a step and lead to the sign-in, which comes back to the step."""
    data = {name: values for name, values in posted(request.POST).items() if name != "csrfmiddlewaretoken"}
    if sum(len(text) for values in data.values() for text in values) <= LARGEST:
        request.session[KEY] = {"draft": key, "step": step, "data": data, "files": bool(request.FILES)}
    messages.info(
        request,
        _("しばらく操作がなかったため、サインアウトしました。いま入力した回答は、サインインすると保存されます。"),
    )
    return redirect_to_login(request.path)


def held(request: HttpRequest, key: str, step: str) -> dict[str, Any] | None:
    """Return what was kept for this step, once."""
    found = request.session.get(KEY)
    if not isinstance(found, dict) or (found.get("draft"), found.get("step")) != (key, step):
        return None
    del request.session[KEY]
    return found
