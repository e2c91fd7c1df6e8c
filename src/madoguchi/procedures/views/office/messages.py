"""Writing to the applicant."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
    """Send a message to the applicant; what cannot be sent stays to be put right."""
    application = application_of(request, number)
    actor = account_of(request)
    text = request.POST.get("text", "")
    try:
        if actor is not None:
            write_as_staff(application=application, text=text, actor=actor)
            messages.success(request, _("メッセージを送りました。"))
    except ProceduresError as error:
        context = {"application": application, "problem": str(error), "text": text, "back": record_path(application)}
        return render(request, "procedures/office/message.html", context, status=422)
    return redirect(record_path(application))
