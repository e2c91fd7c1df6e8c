"""What the city's mails look like: sender, frame of the HTML, the words at the end, in the reader's language."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from email.utils import parseaddr
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from madoguchi.trust.api import Municipality

from ...registry import Outgoing
from ...rules.content import to_html
from ...rules.mail.addresses import wire_address
from ...rules.mail.dkim import Signer, load_signer
from ...rules.mail.headers import encode_mailbox
from ...rules.mail.mime import MailFrame, compose
from ...rules.mail.verp import return_path
from ...services.bounces import verp_keys

_STYLE = "font-family:sans-serif;font-size:16px;line-height:1.7;color:#1a1a1c;max-width:40em;margin:0 auto;padding:16px"
_SMALL = "font-size:14px;color:#595959;border-top:1px solid #d8d8db;margin-top:32px;padding-top:16px"
_FRAMES = 32


def sender_of(municipality: Municipality) -> tuple[str, str]:
    """Return the name and the address the city's mails are from, ("", "") where none is set."""
    filled = settings.MAIL_FROM.format(city="\x1a", key=municipality.key.replace("_", "-"))
    name, address = parseaddr(filled)
    return name.replace("\x1a", municipality.name), address


def return_domain(municipality: Municipality) -> str:
    """Return the domain mails come back to that cannot be delivered."""
    return settings.MAIL_RETURN_DOMAIN or sender_of(municipality)[1].rpartition("@")[2] or "localhost"


@lru_cache(maxsize=64)
def _load(selector: str, domain: str, path: str) -> Signer:
    return load_signer(selector, domain, path)


def signer_of(municipality: Municipality) -> Signer | None:
    """Return what signs the city's mails, None where no key is set; raises ``KeyUnusableError``."""
    kept = settings.MAIL_DKIM.get(municipality.key) or settings.MAIL_DKIM.get("*")
    return None if kept is None else _load(kept["selector"], kept["domain"], kept["key"])


class Letters:
    """Writes the mails of one municipality; what the mails of a message share is made once."""

    def __init__(self, municipality: Municipality) -> None:
        self.municipality = municipality
        name, address = sender_of(municipality)
        self.sender = encode_mailbox(name, wire_address(address)[0])
        self.domain = return_domain(municipality)
        self.signer = signer_of(municipality)
        self._key = verp_keys()[0]
        self._frames: OrderedDict[Any, MailFrame] = OrderedDict()

    def return_path(self, outgoing: Outgoing) -> str:
        """Return the envelope's sender."""
        return return_path(outgoing.delivery_id, self.municipality.pk, domain=self.domain, key=self._key)

    def writer(self, outgoing: Outgoing, *, to: str, date: str) -> Callable[[], bytes]:
        """Return what writes a mail when it is called; ``to`` is in its wire form."""
        return lambda: self.write(outgoing, to=to, date=date)

    def write(self, outgoing: Outgoing, *, to: str, date: str) -> bytes:
        """Return a mail, signed where there is a key."""
        stop = outgoing.unsubscribe
        mail = compose(
            self._frame(outgoing),
            delivery=outgoing.delivery_id,
            to=to,
            date=date,
            subject=outgoing.subject,
            text=outgoing.body,
            html=_html(outgoing.body),
            unsubscribe=stop,
            foot_values=(outgoing.page, stop) if stop else (outgoing.page,),
        )
        return mail if self.signer is None else self.signer.sign(mail)

    def _frame(self, outgoing: Outgoing) -> MailFrame:
        kept = (outgoing.message_key, outgoing.language, bool(outgoing.unsubscribe), outgoing.is_emergency)
        frame = self._frames.get(kept)
        if frame is None:
            frame = self._frames[kept] = self._make_frame(outgoing)
            if len(self._frames) > _FRAMES:
                self._frames.popitem(last=False)
        return frame

    def _make_frame(self, outgoing: Outgoing) -> MailFrame:
        text, html = _feet(self.municipality.name, outgoing.language, can_stop=bool(outgoing.unsubscribe))
        more = [("Auto-Submitted", "auto-generated")]
        if outgoing.unsubscribe:
            more.append(("Feedback-ID", f"{outgoing.message_key.lower()}:{self.municipality.key}:madoguchi"))
        if outgoing.is_emergency:
            more += [("Importance", "high"), ("X-Priority", "1")]
        return MailFrame(
            key=outgoing.message_key,
            sender=self.sender,
            domain=self.domain,
            language=outgoing.language,
            html_head=_head(outgoing.language),
            html_foot=html,
            text_foot=text,
            attachments=outgoing.attachments,
            more_headers=tuple(more),
        )


def _head(language: str) -> str:
    tag = "ja" if language == "ja-easy" else escape(language)
    return (
        f'<!doctype html>\n<html lang="{tag}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"></head>\n'
        f'<body style="{_STYLE}">\n'
    )


def _feet(city: str, language: str, *, can_stop: bool) -> tuple[str, str]:
    """Return the end of both forms with a ``%s`` for the page and one for the address that stops further mails."""
    with translation.override(language if language in dict(settings.LANGUAGES) else "en"):
        lines = [_("このお知らせをページで見る"), *([_("このお知らせの配信を止める")] if can_stop else [])]
    safe = [line.replace("%", "%%") for line in lines]
    name = city.replace("%", "%%")
    text = "\n\n-- \n" + name + "\n" + "\n".join(f"{line}\n%s" for line in safe) + "\n"
    links = "".join(f'<br>\n<a href="%s">{escape(line)}</a>' for line in safe)
    return text, f'\n<p style="{_SMALL}">{escape(name)}{links}</p>\n</body>\n</html>\n'


@lru_cache(maxsize=512)
def _paragraph(text: str) -> str:
    return to_html(text)


def _html(body: str) -> str:
    """Return a body as HTML; paragraphs that mails share are made once."""
    return "\n".join([_paragraph(part) for part in body.split("\n\n")])
