"""What the command line tells of a telegram: for people in lines, for programs in JSON."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

_STATUS = {"normal": "通常", "drill": "訓練", "test": "試験"}
_INFO = {"issued": "発表", "corrected": "訂正", "delayed": "遅延", "cancelled": "取消"}
_LEVELS = {"emergency": "特別警報級", "warning": "警報級", "advisory": "注意報級", "none": "警報などなし"}
_CHANGES = {
    "new": "発表",
    "raised": "引き上げ",
    "lowered": "切り替え",
    "continued": "継続",
    "lifted": "解除",
    "none": "なし",
}
_WHAT = {"issue": "発表", "update": "更新", "cancel": "解除", "draft": "下書き", "none": "何もしない"}
_SHOWN = 12
_TOKYO = ZoneInfo("Asia/Tokyo")


def as_json(name: str, taken: Any, dry_run: bool) -> str:
    """Return one line of JSON: the telegram, its warnings with areas by municipality code, and what is done or not, and why."""
    telegram = taken.telegram
    return json.dumps(
        {
            "file": name,
            "kind": telegram.kind,
            "title": telegram.title,
            "head_title": telegram.head_title,
            "status": telegram.status.value,
            "info_type": telegram.info_type.value,
            "event_id": telegram.event_id,
            "serial": telegram.serial,
            "reported_at": telegram.report_time.isoformat(),
            "valid_until": telegram.valid_until.isoformat() if telegram.valid_until else None,
            "office": telegram.office,
            "headline": telegram.headline,
            "facts": telegram.facts,
            "severity": telegram.top.value,
            "warnings": [_warning(one) for one in telegram.warnings],
            "applied": not dry_run,
            "refusal": taken.refusal,
            "would": [one.to_dict() for one in taken.would],
            "actions": [{**one.to_dict(), "contents": one.contents} for one in taken.actions],
        },
        ensure_ascii=False,
    )


def _warning(one: Any) -> dict[str, Any]:
    judged = one.assessment
    return {
        "name": one.name,
        "code": one.code,
        "hazard": one.hazard,
        "level": one.level.value,
        "alert_level": judged.alert_level,
        "intensity": one.intensity,
        "change": one.change.value,
        "category": judged.category,
        "urgency": judged.urgency,
        "severity": judged.severity,
        "certainty": judged.certainty,
        "areas": [
            {
                "layer": area.layer.value,
                "code": area.code,
                "name": area.name,
                "municipality_codes": [_six(code) for code in area.municipality_codes],
                "note": area.note,
            }
            for area in one.areas
        ],
    }


def describe(name: str, taken: Any, dry_run: bool) -> str:
    """Return some lines for people: what it is, what it warns of where, what is done in each municipality, and why."""
    telegram = taken.telegram
    lines = [
        f"{name}",
        f"  {telegram.kind or '（種別不明）'} {telegram.title} / {telegram.head_title}"
        f"  [{_STATUS[telegram.status.value]}・{_INFO[telegram.info_type.value]}]"
        f"  {telegram.report_time.astimezone(_TOKYO):%Y-%m-%d %H:%M}  {_LEVELS[telegram.top.value]}",
    ]
    lines += [f"  - {_summary(one)}" for one in telegram.warnings if one.name]
    if taken.refusal:
        lines.append(f"  対象外: {taken.refusal}")
    lines += [_line(one, "→", dry_run) for one in taken.actions if one.why != taken.refusal]
    lines += [_line(one, "（対象なら）", dry_run) for one in taken.would]
    return "\n".join(lines)


def _line(action: Any, mark: str, dry_run: bool) -> str:
    verb = _WHAT[action.what.value]
    done = f"{verb}します" if dry_run and action.what.value != "none" else verb
    about = f" {action.warning}（{'、'.join(action.areas[:4])}）" if action.warning else ""
    rule = f" 決まり: {action.rule}" if action.rule else ""
    return f"  {mark} {action.municipality.name}（{action.municipality.code}）{done}{about}: {action.why}{rule}"


def _summary(one: Any) -> str:
    codes = list(dict.fromkeys(_six(code) for area in one.areas for code in area.municipality_codes))
    if codes:
        where = f"{'、'.join(codes[:_SHOWN])}{f' ほか{len(codes) - _SHOWN}' if len(codes) > _SHOWN else ''}"
    else:
        names = [f"{area.name}({area.code})" if area.code else area.name for area in one.areas]
        where = f"{'、'.join(names[:_SHOWN])}{f' ほか{len(names) - _SHOWN}' if len(names) > _SHOWN else ''} ※市町村は示されていません"
    judged = one.assessment
    level = f"・警戒レベル{judged.alert_level}相当" if judged.alert_level else ""
    cap = f"{judged.severity}/{judged.urgency}/{judged.certainty}"
    return f"{one.name} {_CHANGES[one.change.value]} [{_LEVELS[one.level.value]}{level} {cap}] {where}"


def _six(code: str) -> str:
    """Return a municipality's six digits (with the check digit) from its five."""
    from madoguchi.messaging.api import with_check_digit

    return with_check_digit(code)
