"""What a telegram does to the alerts of one municipality: issue, update, cancel, draft, or nothing, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality

from ...enums import AlertSource, AlertState, AlertStatus
from ...errors import MessagingError
from ...models import Alert, TelegramState
from ...rules.telegram import Change, InfoType, Telegram
from ...rules.telegram_events import EVENT_CODES, EventView, areas_of
from ...rules.telegram_rules import Home, Match, Reach, Rule, RuleAction, choose_rule, suggest_evacuation
from ...rules.telegram_texts import compose_contents
from ...rules.telegram_texts.compose import Place
from ...rules.telegram_times import life_of
from ..alerts import cancel_alert, discard_draft, draft_alert, find_live_alert, issue_alert, update_alert
from .results import Action, What

_SEVERITIES = ("Unknown", "Minor", "Moderate", "Severe", "Extreme")


@dataclass(frozen=True, slots=True)
class Situation:
    """
    One municipality, one telegram, and the rules that are in force there.

    With ``dry_run`` nobody is told: drafts are written, and rolled back by the caller.
    """

    municipality: Municipality
    home: Home
    telegram: Telegram
    rules: Sequence[Rule]
    dry_run: bool
    as_drill: bool
    source_key: str

    @property
    def status(self) -> AlertStatus:
        """Return whether alerts of it are meant or a drill."""
        return AlertStatus.EXERCISE if self.as_drill else AlertStatus.ACTUAL


def act(*, situation: Situation, view: EventView) -> Action | None:
    """Do what the rules say about one event; None where there is nothing to say of it at all."""
    try:
        with transaction.atomic():
            return _end(situation, view.key, is_mistake=False) if view.match is None else _warn(situation, view)
    except MessagingError as error:
        match = view.match
        return Action(
            situation.municipality,
            What.NONE,
            _("緊急情報にできませんでした: %(error)s") % {"error": error},
            event_key=view.key,
            warning="" if match is None else match.warning.name,
        )


def cancel_story(*, situation: Situation, event_keys: Sequence[str]) -> list[Action]:
    """Take back what came of telegrams that are cancelled (取消): alerts issued by rules end as a mistake, drafts are put away."""
    actions = [_end(situation, key, is_mistake=True) for key in event_keys]
    return [action for action in actions if action is not None]


def _warn(situation: Situation, view: EventView) -> Action:
    rule = choose_rule(situation.rules, view.standing)
    live = find_live_alert(view.key, status=situation.status)
    if rule is None:
        return _action(situation, view, None, What.NONE, _("この警報などについての決まりがありません。"))
    if live is not None:
        return _follow(situation, view, rule, live)
    if rule.action is RuleAction.NONE:
        return _action(
            situation, view, rule, What.NONE, _(rule.reason) or _("決まりで、知らせないことになっています。")
        )
    if why := _was_ended(situation, view):
        return _action(situation, view, rule, What.NONE, why)
    if rule.action is RuleAction.AUTOMATIC and view.standing.reach is Reach.CERTAIN:
        return _issue(situation, view, rule)
    return _draft(situation, view, rule)


def _follow(situation: Situation, view: EventView, rule: Rule, live: Alert) -> Action:
    """Decide what a further telegram does to an alert that is live."""
    state = _state(situation, view.key)
    is_correction = situation.telegram.info_type is InfoType.CORRECTED
    if state.said == view.signature() and not is_correction:
        return _action(situation, view, rule, What.NONE, _("発表中の緊急情報から変わりがありません。"), live)
    severity = view.standing.warning.assessment.severity
    is_graver = _SEVERITIES.index(severity) > _SEVERITIES.index(live.severity)
    if not live.is_automatic and not is_graver:
        why = _("職員が発表した緊急情報があります。変えるかどうかは職員が判断します。")
        return _action(situation, view, rule, What.NONE, why, live)
    if rule.action is RuleAction.NONE and live.is_automatic:
        return _cancel(situation, view.key, live, _("知らせる基準を下回りました。"), is_mistake=False)
    if view.standing.reach is not Reach.CERTAIN or (rule.action is RuleAction.DRAFT and is_graver):
        return _draft(situation, view, rule, suffix=":update")
    return _update(situation, view, rule, live, state)


def _was_ended(situation: Situation, view: EventView) -> str:
    """Return why something is not said again: it goes on unchanged, and what was said of it was ended by staff or by time."""
    match = view.match
    if (
        match is None
        or match.warning.change is not Change.CONTINUED
        or situation.telegram.info_type is InfoType.CORRECTED
    ):
        return ""
    last = Alert.objects.filter(event_key=view.key, status=situation.status).exclude(state=AlertState.DRAFT).last()
    if last is None or _state(situation, view.key).said != view.signature():
        return ""
    return _("続いている警報などで、緊急情報は終えてあります（%(state)s）。") % {"state": last.get_state_display()}


def _issue(situation: Situation, view: EventView, rule: Rule) -> Action:
    for draft in _drafts(situation, view.key):
        discard_draft(alert=draft, actor=None, reason=_("自動の発表で置き換えました。"))
    alert = draft_alert(
        actor=None,
        source_key=f"{situation.source_key}:{clock.now():%H%M%S%f}",
        **_told(situation, view, rule, automatic=True),
    )
    if not situation.dry_run:
        alert = issue_alert(alert=alert, actor=None, automatic=True)
    _say(situation, view)
    return _action(situation, view, rule, What.ISSUE, _(rule.reason), alert)


def _update(situation: Situation, view: EventView, rule: Rule, live: Alert, state: TelegramState) -> Action:
    told = _told(situation, view, rule, automatic=True)
    changes = {name: told[name] for name in _UPDATED}
    # An evacuation order that staff gave stands until staff change it.
    changes["evacuation_level"] = told["evacuation_level"] or live.evacuation_level
    alert = live if situation.dry_run else update_alert(alert=live, actor=None, automatic=True, **changes)
    _say(situation, view)
    return _action(situation, view, rule, What.UPDATE, _("内容が変わりました。"), alert)


_UPDATED = ("event_name", "category", "urgency", "severity", "certainty", "areas", "contents", "onset", "expires_at")


def _draft(situation: Situation, view: EventView, rule: Rule, *, suffix: str = "") -> Action:
    if situation.telegram.source == "qzss" and (known := _told_already(situation, view)):
        return _action(situation, view, rule, What.NONE, _("気象庁の電文による緊急情報がもう出ています。"), known)
    key = view.key + suffix
    drafts = _drafts(situation, key)
    if drafts and _state(situation, view.key).said == view.signature():
        return _action(situation, view, rule, What.NONE, _("同じ内容の下書きがあります。"), drafts[0])
    for draft in drafts:
        discard_draft(alert=draft, actor=None, reason=_("新しい電文の下書きで置き換えました。"))
    told = _told(situation, view, rule, automatic=False)
    told["event_key"] = key
    alert = draft_alert(actor=None, source_key=f"{situation.source_key}:{clock.now():%H%M%S%f}", **told)
    _say(situation, view)
    why = _(rule.reason)
    if rule.action is RuleAction.AUTOMATIC and view.standing.reach is Reach.POSSIBLE:
        reason = view.standing.why
        why = _("%(why)s。職員が確かめてください。") % {"why": _(reason.msgid) % reason.values}
    return _action(situation, view, rule, What.DRAFT, why, alert)


def _told_already(situation: Situation, view: EventView) -> Alert | None:
    """Return a live alert a telegram made of the same danger; a satellite tells the same thing with fewer words."""
    code = EVENT_CODES.get(view.hazard, "other")
    live = Alert.objects.filter(state=AlertState.ISSUED, status=situation.status, source=AlertSource.TELEGRAM)
    return live.filter(event_code=code).first()


def _end(situation: Situation, key: str, *, is_mistake: bool) -> Action | None:
    """Let what was said of an event end; what staff issued is left to staff. None where nothing was said."""
    for one in (key, f"{key}:update"):
        for draft in _drafts(situation, one):
            discard_draft(alert=draft, actor=None, reason=_("電文で解除または取り消しになりました。"))
            TelegramState.objects.filter(key=_state_key(situation, key)).delete()
    live = find_live_alert(key, status=situation.status)
    if live is None:
        return None
    if not live.is_automatic:
        why = _("解除になりましたが、職員が発表した緊急情報です。終えるかどうかは職員が判断します。")
        return Action(
            situation.municipality, What.NONE, why, event_key=key, warning=live.event_name, alert_key=live.key
        )
    why = _("気象庁が取り消しました。") if is_mistake else _("気象庁が解除しました。")
    return _cancel(situation, key, live, why, is_mistake=is_mistake)


def _cancel(situation: Situation, key: str, live: Alert, why: str, *, is_mistake: bool) -> Action:
    alert = live
    if not situation.dry_run:
        alert = cancel_alert(alert=live, actor=None, automatic=True, is_mistake=is_mistake, note=why)
    TelegramState.objects.filter(key=_state_key(situation, key)).delete()
    return Action(situation.municipality, What.CANCEL, why, event_key=key, warning=live.event_name, alert_key=alert.key)


def _drafts(situation: Situation, key: str) -> list[Alert]:
    return list(Alert.objects.filter(event_key=key, status=situation.status, state=AlertState.DRAFT, source="telegram"))


def _state_key(situation: Situation, key: str) -> str:
    return f"event:{situation.status}:{key}"


def _state(situation: Situation, key: str) -> TelegramState:
    found = TelegramState.objects.filter(key=_state_key(situation, key)).first()
    return found or TelegramState(municipality=situation.municipality, key=_state_key(situation, key))


def _say(situation: Situation, view: EventView) -> None:
    TelegramState.objects.update_or_create(
        municipality=situation.municipality,
        key=_state_key(situation, view.key),
        defaults={"reported_at": situation.telegram.report_time, "said": view.signature()},
    )


def _told(situation: Situation, view: EventView, rule: Rule, *, automatic: bool) -> dict[str, Any]:
    """Return what an alert says of an event, as the services of alerts want it."""
    match = view.standing
    assessment = match.warning.assessment
    return {
        "event_key": view.key,
        "event_code": EVENT_CODES.get(view.hazard, "other"),
        "event_name": match.warning.name[:80],
        "category": assessment.category,
        "urgency": assessment.urgency,
        "severity": assessment.severity,
        "certainty": assessment.certainty,
        "areas": areas_of(match, situation.municipality.name),
        "contents": _contents(situation, match, rule),
        "evacuation_level": _evacuation(match, rule, automatic=automatic),
        "onset": None,
        "expires_at": _expiry(situation.telegram, view.hazard),
        "status": situation.status,
        "source": AlertSource.TELEGRAM,
    }


def _evacuation(match: Match, rule: Rule, *, automatic: bool) -> int | None:
    """Return the 警戒レベル: in a draft the suggestion, in an automatic alert only what the municipality's own rule orders."""
    return rule.evacuation_level if automatic else rule.evacuation_level or suggest_evacuation(match.warning)


def _contents(situation: Situation, match: Match, rule: Rule) -> dict[str, dict[str, str]]:
    city = situation.municipality
    place = Place(city.name, city.name_en)
    return compose_contents(situation.telegram, match.warning, match.areas, place, own=rule.contents)


def _expiry(telegram: Telegram, hazard: str) -> datetime:
    usual = clock.now() + life_of(hazard)
    if telegram.valid_until is None or telegram.valid_until <= clock.now():
        return usual
    return min(telegram.valid_until, usual)


def _action(
    situation: Situation, view: EventView, rule: Rule | None, what: What, why: str, alert: Alert | None = None
) -> Action:
    match = view.standing
    return Action(
        municipality=situation.municipality,
        what=what,
        why=why,
        event_key=view.key,
        warning=match.warning.name,
        level=match.warning.level.value,
        areas=tuple(area.name for area in match.areas),
        rule="" if rule is None else rule.key,
        alert_key="" if alert is None else alert.key,
        evacuation_level=None if alert is None else alert.evacuation_level,
        contents={} if alert is None or what is What.NONE else alert.contents,
    )
