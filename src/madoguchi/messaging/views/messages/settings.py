"""The page of how the city sends."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.trust.api import permission_required

from ...errors import MessagingError
from ...forms.settings import SendingSettingsForm
from ...permissions import sending_settings_policy
from ...registry import channels
from ...selectors.settings import sending_settings
from ...services.settings import change_sending_settings
from .common import actor_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(sending_settings_policy, "edit")
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change order of the ways, quiet hours and limits."""
    form = SendingSettingsForm(request.POST or None, initial=SendingSettingsForm.initial_of(sending_settings()))
    if request.method == "POST" and form.is_valid():
        try:
            change_sending_settings(actor=actor_of(request), **form.values())
        except MessagingError as error:
            form.add_error(None, str(error))
        else:
            notes.success(request, _("送り方の設定を保存しました。"))
            return redirect("messages:settings")
    context = {
        "form": form,
        "missing": [_(channel.label) for channel in channels if channel.is_automatic and not channel.is_ready()],
        "breadcrumbs": [
            {"label": _("お知らせ"), "url": reverse("messages:index")},
            {"label": _("送り方の設定"), "url": ""},
        ],
    }
    return render(request, "messaging/messages/settings.html", context, status=422 if form.errors else 200)
