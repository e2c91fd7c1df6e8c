"""Lines the house itself writes into the conversation, in the language of the application."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from ...models import Application
from .deciding import REFUSED


def line_of(application: Application, *, kind: str = "") -> str:
    """Return what the applicant is told: about the result, or that the time to pay has run out ("payment_expired")."""
    with translation.override(application.language or "ja"):
        if kind == "payment_expired":
            return _("お支払いの期限が過ぎたため、この申請は終わりました。必要なときは、もう一度申請してください。")
        if application.decision == REFUSED:
            return _("審査の結果、お受けできませんでした。理由と、不服があるときの方法は、通知書をご覧ください。")
        if application.version.definition.outputs:
            return _("審査が終わりました。文書ができしだい、このページでお受け取りいただけます。")
        return _("手続が終わりました。このあと、していただくことはありません。")


def ready_line(application: Application, *, title: str) -> str:
    """Return what the applicant is told when a document is ready."""
    with translation.override(application.language or "ja"):
        return _("「%(title)s」ができました。このページからお受け取りください。") % {"title": title}
