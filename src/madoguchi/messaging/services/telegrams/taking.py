"""Taking a telegram in: read once, then for each municipality judged and acted upon in one transaction."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Municipality, acting_for, record_event

from ... import events
from ...enums import TelegramOutcome, TelegramSource
from ...models import AlertPlace, TelegramState
from ...models import Telegram as TelegramRow
from ...permissions import alert_policy
from ...rules.jma import read_telegram
from ...rules.telegram import InfoType, Layer, Level, Status, Telegram
from ...rules.telegram_events import EventView, view_events
from ...rules.telegram_rules import Home, Match, Reach, match_warnings
from ...rules.telegram_times import refuse_time
from ...selectors.telegrams import home_of, rules_in_force
from .acting import Situation, act, cancel_story
from .results import Action, Taken, What


def take_telegram(
    *,
    data: bytes,
    source: TelegramSource | str,
    actor: Account | None = None,
    dry_run: bool = False,
    name: str = "",
    as_of: datetime | None = None,
    as_drill: bool = False,
    municipalities: Iterable[Municipality] | None = None,
    telegram: Telegram | None = None,
) -> Taken:
    """
    Take a telegram of the Meteorological Agency and do what the rules of each municipality say.

    Every municipality of the installation (or those given) judges it by itself, in one transaction each: a telegram that has been
    taken, is a repetition, came out of order, is too old, or is not meant (訓練, 試験) does nothing, and the account says why.
    ``dry_run`` changes nothing. ``as_of`` judges its age at another time than now; with ``as_drill`` alerts made of it are
    drills. ``telegram`` is what was read already (from a satellite); else ``data`` is XML. Raises ``TelegramError`` for what
    cannot be read, ``RefusedError`` for an actor who may not.
    """
    if actor is not None:
        alert_policy.require(actor, "draft" if dry_run else "issue")
    said = telegram or read_telegram(data, name=name)
    taken = Taken(said, refusal=_refuse(said, as_of or clock.now()))
    digest = hashlib.sha256(data).hexdigest()
    for municipality in municipalities if municipalities is not None else list(Municipality.objects.all()):
        with acting_for(municipality), transaction.atomic():
            place = _Place(municipality, said, digest, data, str(source), actor, taken, dry_run, as_of, as_drill)
            place.take()
            if dry_run:
                transaction.set_rollback(True)
    return taken


def _refuse(telegram: Telegram, now: datetime) -> str:
    """Return why a telegram is set aside whatever it says: it is not meant, or not in time."""
    if telegram.status is Status.DRILL:
        return _("訓練の電文です。だれにも知らせません。")
    if telegram.status is Status.TEST:
        return _("試験の電文です。だれにも知らせません。")
    reason = refuse_time(telegram, now)
    return "" if reason is None else _(reason.msgid) % reason.values


class _Place:
    """One municipality taking one telegram; runs in its scope, inside a transaction."""

    def __init__(
        self,
        municipality: Municipality,
        telegram: Telegram,
        digest: str,
        data: bytes,
        source: str,
        actor: Account | None,
        taken: Taken,
        dry_run: bool,
        as_of: datetime | None,
        as_drill: bool,
    ) -> None:
        self.municipality = municipality
        self.telegram = telegram
        self.digest = digest
        self.data = data
        self.source = source
        self.actor = actor
        self.taken = taken
        self.dry_run = dry_run
        self.is_rehearsal = as_of is not None or as_drill
        self.as_drill = as_drill
        self.home: Home = home_of(municipality)
        self.matches: list[Match] = match_warnings(telegram, self.home)
        self.actions: list[Action] = []

    def take(self) -> None:
        """Judge, act, and keep the account."""
        self.taken.matches[self.municipality.code] = self.matches
        refusal = self.taken.refusal or self._refuse_known(self._story())
        if refusal and self.dry_run and self.taken.refusal:
            self._act(self._story())
            self.taken.would += [action for action in self.actions if action.event_key]
        if refusal:
            self._note(refusal)
        else:
            self._act(self._story())
        if self._is_worth_keeping():
            self._keep(refusal)
        self.taken.actions += self.actions

    def _note(self, why: str) -> None:
        self.actions = [Action(self.municipality, What.NONE, why)]

    def _story(self) -> TelegramState:
        key = f"story:{self.telegram.thread}"[:320]
        state, _new = TelegramState.objects.get_or_create(municipality=self.municipality, key=key)
        return TelegramState.objects.select_for_update().get(pk=state.pk)

    def _refuse_known(self, state: TelegramState) -> str:
        """Return why a telegram says nothing new here; with the story locked, so that no other can pass in between."""
        if TelegramRow.objects.filter(digest=self.digest, is_rehearsal=self.is_rehearsal).exists():
            return _("受け取り済みの電文です。")
        if state.reported_at is None or self.is_rehearsal:
            return ""
        if self.telegram.report_time < state.reported_at:
            return _("これより新しい電文（%(time)s発表）を受け取り済みです。") % {
                "time": f"{state.reported_at:%Y-%m-%d %H:%M}"
            }
        said = (state.serial, state.said.get("info_type"), state.said.get("kind"))
        is_same = said == (self.telegram.serial[:20], self.telegram.info_type.value, self.telegram.kind)
        if self.telegram.report_time == state.reported_at and is_same:
            return _("同じ電文の繰り返しです。")
        return ""

    def _act(self, state: TelegramState) -> None:
        situation = Situation(
            municipality=self.municipality,
            home=self.home,
            telegram=self.telegram,
            rules=rules_in_force(),
            dry_run=self.dry_run,
            as_drill=self.as_drill,
            source_key=f"telegram:{self.digest[:32]}",
        )
        if self.telegram.info_type is InfoType.CANCELLED:
            self.actions = cancel_story(situation=situation, event_keys=list(state.said.get("events", [])))
            self._remember(state, [])
        else:
            views = view_events(self.telegram, self.matches)
            self.actions = [action for view in views if (action := act(situation=situation, view=view)) is not None]
            self._remember(state, views)
        if not self.actions:
            self._note(self._why_nothing())

    def _why_nothing(self) -> str:
        if self.telegram.info_type is InfoType.CANCELLED:
            return _("取り消しの電文ですが、この自治体で対応したものはありません。")
        if not self.telegram.warnings:
            return _("警報などを含まない電文です。")
        if self.matches:
            return _("この自治体に、警報などは出ていません。")
        return _("電文の区域に、この自治体は入っていません。")

    def _remember(self, state: TelegramState, views: Sequence[EventView]) -> None:
        """Note the newest word of the story and the events it spoke of, and learn where the municipality lies."""
        known = [key for key in state.said.get("events", []) if isinstance(key, str)]
        spoken = [view.key for view in views if view.match is not None]
        state.reported_at, state.serial = self.telegram.report_time, self.telegram.serial[:20]
        state.said = {
            "info_type": self.telegram.info_type.value,
            "kind": self.telegram.kind,
            "events": list(dict.fromkeys([*known, *spoken])),
        }
        if self.is_rehearsal:
            state.reported_at = None
        state.save()
        for warning in self.telegram.warnings:
            for area in warning.areas:
                if area.layer in {Layer.SEISMIC, Layer.VOLCANO} and self.home.code in area.municipality_codes:
                    AlertPlace.objects.get_or_create(
                        municipality=self.municipality,
                        layer=area.layer.value,
                        code=area.code,
                        defaults={"name": area.name, "is_learned": True},
                    )

    def _is_worth_keeping(self) -> bool:
        """Tell whether the log shall show it: it touches the municipality, or somebody there took it in by hand."""
        is_known = self.actions and self.actions[0].why == _("受け取り済みの電文です。")
        is_ours = bool(self.matches) or any(one.what is not What.NONE for one in self.actions)
        return not self.dry_run and not is_known and (is_ours or self.source == TelegramSource.STAFF)

    def _keep(self, refusal: str) -> None:
        said = self.telegram
        row, is_new = TelegramRow.objects.get_or_create(
            municipality=self.municipality,
            digest=self.digest,
            is_rehearsal=self.is_rehearsal,
            defaults={
                "source": self.source,
                "received_at": clock.now(),
                "kind": said.kind,
                "title": said.title[:100],
                "head_title": said.head_title[:200],
                "status": said.status.value,
                "info_type": said.info_type.value,
                "event_id": said.event_id[:120],
                "serial": said.serial[:20],
                "office": said.office[:120],
                "reported_at": said.report_time,
                "valid_until": said.valid_until,
                "headline": said.headline,
                "story": said.thread[:300],
                "level": _level_of(self.matches).value,
                "warnings": [_brief(match) for match in self.matches],
                "actions": [action.to_dict() for action in self.actions],
                "outcome": _outcome_of(self.actions, refusal),
                "refusal": refusal[:300],
                "raw": zlib.compress(self.data),
            },
        )
        self.taken.rows.append(row)
        if is_new:
            done = sum(one.what not in {What.NONE, What.DRAFT} for one in self.actions)
            data = {"kind": row.kind, "status": row.status, "outcome": row.outcome, "source": row.source}
            record_event(kind=events.TELEGRAM_TAKEN, subject=row, actor=self.actor, quantity=done, data=data)


def _level_of(matches: Sequence[Match]) -> Level:
    live = [match.warning.level for match in matches if match.warning.is_live]
    return max(live, key=lambda level: level.rank, default=Level.NONE)


def _brief(match: Match) -> dict[str, Any]:
    return {
        "name": match.warning.name,
        "level": match.warning.level.value,
        "change": match.warning.change.value,
        "areas": [area.name for area in match.areas],
        "certain": match.reach is Reach.CERTAIN,
    }


def _outcome_of(actions: Sequence[Action], refusal: str) -> TelegramOutcome:
    if refusal:
        return TelegramOutcome.REFUSED
    done = {action.what for action in actions}
    if done & {What.ISSUE, What.UPDATE, What.CANCEL}:
        return TelegramOutcome.ACTED
    return TelegramOutcome.DRAFTED if What.DRAFT in done else TelegramOutcome.NOTHING
