"""Writing to the applicant."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.trust.api import account_of, login_required

from ...errors import ProceduresError
from ...services.casework import write_as_staff
from .corrections import record_path
from .finding import application_of


@login_required
@require_POST
def message(request: HttpRequest, number: str) -> HttpResponse:
    """Send a message to the applicant."""
    application = application_of(request, number)
    actor = account_of(request)
    try:
        if actor is not None:
            write_as_staff(application=application, text=request.POST.get("text", ""), actor=actor)
            messages.success(request, _("メッセージを送りました。"))
    except ProceduresError as error:
        messages.error(request, str(error))
    return redirect(record_path(application))
