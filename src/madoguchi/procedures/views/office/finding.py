"""Finding the application a staff page is about; every look is logged."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from madoguchi.trust.api import account_of

from ...models import Application
from ...services.applying import access_application


def application_of(request: HttpRequest, number: str) -> Application:
    """Return an application a member of staff may work on; raises ``Http404`` or ``RefusedError``."""
    try:
        return access_application(actor=account_of(request), number=number, purpose=_("申請の処理"))
    except Application.DoesNotExist as error:
        raise Http404(number) from error
