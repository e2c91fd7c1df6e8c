"""The sealer as the room knows it; the libraries behind it are loaded when the first document needs them."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from madoguchi.kit.registry import ConfigProblem, Severity
from madoguchi.trust.api import Municipality

from ...registry import Examination, Sealed


class PadesSealer:
    """Seals with PAdES-B-LTA; see ``registry.Sealer``."""

    def seal(self, *, pdf: bytes, municipality: Municipality, reason: str) -> Sealed:
        """Return the PDF with signature, time stamp, proof of the certificates' state, and a time stamp over all of it."""
        from . import sealing

        return sealing.seal(pdf=pdf, municipality=municipality, reason=reason)

    def renew(self, *, pdf: bytes, municipality: Municipality) -> Sealed:
        """Return the PDF with the state of the certificates as of now and a further document time stamp."""
        from . import sealing

        return sealing.renew(pdf=pdf, municipality=municipality)

    def examine(self, *, pdf: bytes, municipality: Municipality) -> Examination:
        """Judge the signatures of a PDF of unknown origin, in a process of its own."""
        from . import examining

        return examining.examine(pdf=pdf, municipality=municipality)

    def check_config(self) -> Iterable[ConfigProblem]:
        """Report an installation that cannot seal."""
        if not (settings.SEAL_PKCS12 or settings.SEAL_KEY or settings.SEAL_AUTHORITY):
            message = _(
                "電子署名の鍵が設定されていないため、証明書や通知書を発行できません。"
                "MADOGUCHI_SEAL_PKCS12 と MADOGUCHI_SEAL_TSA を設定してください。"
            )
            # Nothing is broken yet: a plan can be run without ever issuing a document.
            yield ConfigProblem("records.seal", Severity.INFO, message)
        elif not settings.SEAL_TSA:
            message = _("時刻認証局が設定されていません。MADOGUCHI_SEAL_TSA にアドレスを設定してください。")
            yield ConfigProblem("records.seal", Severity.ERROR, message)
