"""The house rules hold, and each of them bites when it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import house

RULES = {
    "long files": house.long_files,
    "services with positional arguments": house.positional_services,
    "model signals": house.signal_receivers,
    "migrations with application code": house.migrations_with_app_code,
    "unnamed migrations": house.unnamed_migrations,
    "modules outside the file set": house.foreign_modules,
    "doors without a sorted __all__": house.unsorted_doors,
    "rooms without a fitting README": house.long_readmes,
    "dynamic model look-ups": house.dynamic_model_lookups,
}

BREACHES = {
    "long files": ("office/rules.py", "x = 1\n" * 401),
    "services with positional arguments": ("office/services/robots.py", "def start(robot, actor):\n    pass\n"),
    "model signals": ("office/events.py", "from django.db.models.signals import post_save\n"),
    "migrations with application code": (
        "office/migrations/0002_fill.py",
        "from madoguchi.office.services import fill\n",
    ),
    "unnamed migrations": ("office/migrations/0003_auto_20260401.py", ""),
    "modules outside the file set": ("office/helpers.py", ""),
    "doors without a sorted __all__": ("office/api.py", '__all__ = ["stop", "start"]\n'),
    "rooms without a fitting README": ("office/README.md", "# office\n" * 61),
    "dynamic model look-ups": ("office/selectors.py", 'apps.get_model("plan", "Plan")\n'),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_its_rules(rule: str) -> None:
    assert RULES[rule](house.SOURCE) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_planted_breach_is_found(rule: str, tmp_path: Path) -> None:
    place, text = BREACHES[rule]
    sound = {
        "office/apps.py": "",
        "office/api.py": '__all__ = ["start", "stop"]\n',
        "office/README.md": "# office\n" * 10,
        "kit/README.md": "# kit\n" * 10,
    }
    for name, content in {**sound, place: text}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert RULES[rule](tmp_path), f"{rule}: the planted breach was not found"
