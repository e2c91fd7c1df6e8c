"""Cities, people and plans for the tests, made through the services of the product."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from madoguchi.plan.api import Plan, import_data_file, link_sections, publish_draft
from madoguchi.trust.api import Account, Municipality, Unit, acting_for, add_municipality, assign_duty
from madoguchi.trust.enums import AccountKind, Role

CODES = {"minato": "131032", "aoba": "041017", "odawara": "142069", "sagamihara": "141500", "isehara": "142140"}
PASSWORD = "himitsu-no-aikotoba"


def make_city(key: str = "minato", **fields: Any) -> Municipality:
    """Return a municipality that answers on ``<key>.localhost`` (the first one on ``localhost`` too)."""
    return add_municipality(key=key, code=CODES[key], name=f"{key}市", **fields)


def make_staff(role: Role, unit: Unit | None = None, login: str = "") -> Account:
    """Return a member of staff of the city in scope who holds a role, at a unit or in the whole city."""
    account = Account.objects.create_account(
        login=login or role.value.replace("_", "-"),
        password=PASSWORD,
        kind=AccountKind.STAFF,
        name=f"職員 {role.label}",
    )
    assign_duty(account=account, role=role, from_date=date(2020, 4, 1), unit=unit)
    return account


def plan_content(**changes: Any) -> dict[str, Any]:
    """Return the content of a small plan data file: one goal, one measure, two projects, three indicators."""
    plan = {
        "code": "ict-2024",
        "title": "港市デジタル計画",
        "municipality": "minato",
        "start_fiscal_year": 2024,
        "end_fiscal_year": 2026,
        "line": 1,
        "goals": [{"code": "1", "title": "行かなくてよい市役所", "line": 3, "measures": [_measure()]}],
        **changes,
    }
    return {"reader": "isehara", "plans": [plan]}


def _measure() -> dict[str, Any]:
    return {
        "code": "1-1",
        "title": "手続のオンライン化",
        "line": 5,
        "indicators": [
            {"label": "手続にかかる時間の削減", "level": "kgi", "unit": "時間", "type": "duration", "line": 6,
             "targets": [_value(2026, 6700, "6,700時間", 6)]},
        ],
        "projects": [
            {"code": "1", "title": "電子申請の拡大", "line": 10, "sections": ["市民課", "情報課"], "portfolio_class": "A",
             "is_priority": True,
             "actions": [{"label": "電子申請", "line": 11,
                          "words": [{"fiscal_year": 2024, "text": "導入", "line": 11},
                                    {"fiscal_year": 2025, "text": "拡大", "line": 11},
                                    {"fiscal_year": 2026, "text": "拡大", "line": 11, "continued": True}]}],
             "relations": [{"kind": "sdg", "target": "9", "line": 12}],
             "indicators": [
                 {"label": "オンライン申請の件数", "unit": "件", "line": 13,
                  "baseline": _value(2023, 1000, "1,000件", 13),
                  "targets": [_value(2024, 1500, "1,500件", 13), _value(2025, 2000, "2,000件", 13),
                              _value(2026, 3000, "3,000件", 13)]},
             ]},
            {"code": "2", "title": "窓口の待ち時間を短くする", "line": 20, "sections": ["市民課"], "portfolio_class": "C",
             "indicators": [
                 {"label": "平均の待ち時間", "unit": "分", "type": "duration", "direction": "down", "kind": "stock", "line": 21,
                  "baseline": _value(2023, 30, "30分", 21), "targets": [_value(2026, 10, "10分", 21)]},
             ]},
        ],
    }  # fmt: skip


def _value(fiscal_year: int, value: float, text: str, line: int) -> dict[str, Any]:
    return {"fiscal_year": fiscal_year, "value": value, "text": text, "line": line}


def make_plan(municipality: Municipality, **changes: Any) -> Plan:
    """Return a published plan of a city (see ``plan_content``), its sections tied to units."""
    content = plan_content(municipality=municipality.key, **changes)
    with acting_for(municipality):
        draft = import_data_file(name="plan.json", data=json.dumps(content).encode())
        plan = publish_draft(draft=draft, actor=None, system=True)[-1]
        link_sections(plan=plan)
    return plan
