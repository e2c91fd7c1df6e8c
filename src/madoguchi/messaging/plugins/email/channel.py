"""E-mail as a channel of the house."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock
from madoguchi.kit.registry import ConfigProblem, Severity
from madoguchi.trust.api import Municipality, municipality_in_scope

from ...enums import ChannelKey, DeliveryStatus, EndpointStatus
from ...registry import Channel, Outcome, Outgoing, Preview
from ...rules.content import to_html
from ...rules.mail.addresses import AddressError, wire_address
from ...rules.mail.dkim import KeyUnusableError
from ...rules.mail.replies import Fate, Verdict
from .connection import Mail
from .fleet import Fleet
from .journal import outcomes_of, recover_outcomes
from .letters import Letters, sender_of, signer_of

logger = logging.getLogger(__name__)

REMEMBERED = 100_000
LARGEST_ATTACHMENTS = 10 * 1024 * 1024
"""Many servers refuse mails of more than 10 to 25 MB."""
_STATUS = {
    Fate.SENT: DeliveryStatus.SENT,
    Fate.LATER: DeliveryStatus.WAITING,
    Fate.REFUSED: DeliveryStatus.FAILED,
    Fate.BOUNCED: DeliveryStatus.BOUNCED,
}


class EmailChannel(Channel):
    """Mails to the server the operator named (``SMTP_SERVER``); each delivery once, whatever dies (ADR 0021)."""

    key = ChannelKey.EMAIL
    label = N_("メール")
    batch_size = 5000

    def __init__(self) -> None:
        self._fleet: Fleet | None = None
        self._process = 0
        self._sent: dict[tuple[int, str], str] = {}
        self._letters: dict[int, tuple[float, Letters]] = {}

    def is_ready(self) -> bool:
        """Tell whether a server and a sender are set."""
        return settings.SMTP_SERVER is not None and bool(settings.MAIL_FROM)

    def setup_words(self) -> str:
        """Name the server."""
        server = settings.SMTP_SERVER or {}
        return _("送信サーバー：%(host)s:%(port)s") % {"host": server.get("host", ""), "port": server.get("port", "")}

    def check_config(self) -> list[ConfigProblem]:
        """Report what is missing, and keys that cannot be used."""
        if settings.SMTP_SERVER is None:
            advice = _("メールを送るサーバーがありません。MADOGUCHI_SMTP_URL を設定してください。")
            return [ConfigProblem(self.key, Severity.INFO, advice)]
        problems = []
        if not settings.MAIL_FROM:
            advice = _("メールの差出人がありません。MADOGUCHI_MAIL_FROM を設定してください。")
            problems.append(ConfigProblem(self.key, Severity.ERROR, advice))
        for municipality in Municipality.objects.all():
            problems.extend(self._check_key(municipality))
        return problems

    def _check_key(self, municipality: Municipality) -> Iterator[ConfigProblem]:
        try:
            signer = signer_of(municipality)
        except KeyUnusableError as error:
            message = _("DKIMの鍵を使えません（%(city)s）：%(error)s") % {"city": municipality.name, "error": error}
            yield ConfigProblem(self.key, Severity.ERROR, message)
            return
        domain = sender_of(municipality)[1].rpartition("@")[2]
        if signer is not None and domain != signer.domain and not domain.endswith("." + signer.domain):
            message = _("DKIMのドメイン（%(signed)s）が差出人のドメイン（%(domain)s）と違うため、DMARCに合格しません。")
            yield ConfigProblem(self.key, Severity.WARNING, message % {"signed": signer.domain, "domain": domain})

    def preview(self, outgoing: Outgoing) -> Preview:
        """Show the parts of the mail, and what is too large for many servers."""
        municipality = municipality_in_scope()
        name, address = sender_of(municipality)
        size = sum(len(data) for _name, _type, data in outgoing.attachments)
        problems = []
        if size > LARGEST_ATTACHMENTS:
            limit = {"size": size // 1_048_576, "limit": LARGEST_ATTACHMENTS // 1_048_576}
            problems.append(_("添付ファイルが大きすぎます（%(size)s MB）。%(limit)s MBまでにしてください。") % limit)
        parts = [(_("差出人"), f"{name} <{address}>"), (_("件名"), outgoing.subject), (_("本文"), outgoing.body)]
        parts += [(_("添付"), label) for label, _type, _data in outgoing.attachments]
        return Preview(tuple(parts), tuple(problems), to_html(outgoing.body))

    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Send a batch; every outcome is in the journal before it is yielded."""
        if not self.is_ready():
            yield from (_outcome(one.delivery_id, Verdict(Fate.LATER, "no mail server", 600)) for one in batch)
            return
        letters = self._letters_of(municipality_in_scope())
        if isinstance(letters, Verdict):
            yield from (_outcome(one.delivery_id, letters) for one in batch)
            return
        mails: deque[Mail] = deque()
        date = format_datetime(clock.local(clock.now()))
        for outgoing in batch:
            kept = self._sent.get((outgoing.delivery_id, outgoing.message_key))
            if kept is not None:
                yield _outcome(outgoing.delivery_id, Verdict(Fate.SENT, kept))
                continue
            try:
                to, needs_utf8 = wire_address(outgoing.address)
            except AddressError as error:
                yield _outcome(outgoing.delivery_id, Verdict(Fate.BOUNCED, str(error)))
                continue
            write = letters.writer(outgoing, to=to, date=date)
            mails.append(Mail(outgoing.delivery_id, letters.return_path(outgoing), to, write, needs_utf8))
        yield from self._send(mails, {one.delivery_id: one.message_key for one in batch})

    def _letters_of(self, municipality: Municipality) -> Letters | Verdict:
        """Return what writes the city's mails, made anew now and then; a verdict where the settings do not allow any."""
        kept = self._letters.get(municipality.pk)
        if kept is not None and time.monotonic() - kept[0] < 60 and kept[1].municipality.name == municipality.name:
            return kept[1]
        try:
            letters = Letters(municipality)
        except (AddressError, KeyUnusableError) as error:
            logger.warning("mails of %s cannot be written: %s", municipality.key, error)
            return Verdict(Fate.LATER, f"settings: {error}", 600)
        self._letters[municipality.pk] = (time.monotonic(), letters)
        return letters

    def _send(self, mails: deque[Mail], keys: Mapping[int, str]) -> Iterator[Outcome]:
        fleet = self._own_fleet()
        open_ids = dict.fromkeys(mail.delivery for mail in mails)
        try:
            for delivery, verdict in fleet.send(mails):
                open_ids.pop(delivery, None)
                yield self._remember(delivery, keys[delivery], verdict)
        except Exception:
            logger.exception("sending mails failed; the journal tells what was sent")
            known = {} if fleet.left is None else dict(outcomes_of(fleet.left))
            for delivery in open_ids:
                verdict = known.get(delivery, Verdict(Fate.LATER, "failed", 60))
                yield self._remember(delivery, keys[delivery], verdict)

    def _own_fleet(self) -> Fleet:
        """Return the connections of this process; a forked one must not use its parent's."""
        server: dict[str, Any] = dict(settings.SMTP_SERVER or {})
        if self._fleet is None or self._process != os.getpid() or self._fleet.server != server:
            if self._fleet is not None and self._process == os.getpid():
                self._fleet.abandon()
            name = settings.MAIL_RETURN_DOMAIN or socket.gethostname()
            self._fleet, self._process = Fleet(server, root=Path(settings.MAIL_JOURNAL), name=name), os.getpid()
        return self._fleet

    def _remember(self, delivery: int, key: str, verdict: Verdict) -> Outcome:
        if verdict.fate is Fate.SENT:
            if len(self._sent) >= REMEMBERED:
                self._sent.clear()
            self._sent[delivery, key] = verdict.text
        return _outcome(delivery, verdict)

    def recover(self) -> Iterable[Outcome]:
        """Return what the journals of dead processes know, once the servers have answered what those had sent."""
        return [_outcome(delivery, verdict) for delivery, verdict in recover_outcomes(Path(settings.MAIL_JOURNAL))]

    def close(self) -> None:
        """Close all connections; what is not settled is left to recovery."""
        if self._fleet is not None:
            self._fleet.abandon()
            self._fleet = None


def _outcome(delivery: int, verdict: Verdict) -> Outcome:
    is_sent = verdict.fate is Fate.SENT
    return Outcome(
        delivery,
        _STATUS[verdict.fate],
        provider_id=verdict.text[:120] if is_sent else "",
        error="" if is_sent else verdict.text[:200],
        retry_seconds=verdict.retry_seconds,
        endpoint=EndpointStatus.BOUNCED if verdict.fate is Fate.BOUNCED else None,
    )
