"""The import contracts hold and catch planted breaches of every kind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .house import REPOSITORY, SOURCE

BREACHES = {
    "an upward import": ("trust/errors.py", "from madoguchi.plan.api import import_document\n"),
    "reaching into another room": ("plan/errors.py", "from madoguchi.trust.models import Event\n"),
    "a rule that knows Django": ("plan/rules/values.py", "from django.db import models\n"),
    "an inner upward import": ("plan/models/draft.py", "from madoguchi.plan.services import publish_draft\n"),
    "an import inside a function": (
        "kit/clock.py",
        "def f():\n    from madoguchi.trust.api import Event\n    return Event\n",
    ),
    "a room nobody declared": ("garden/__init__.py", ""),
}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache", "--config", REPOSITORY / "pyproject.toml"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        SOURCE,
        tmp_path / "madoguchi",
        ignore=shutil.ignore_patterns("static", "jinja2", "locale", "__pycache__", "data"),
    )
    return tmp_path


def test_the_contracts_hold() -> None:
    result = lint(REPOSITORY / "src")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_import_is_caught(breach: str, copy: Path) -> None:
    place, text = BREACHES[breach]
    path = copy / "madoguchi" / place
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + "\n" + text, encoding="utf-8")
    assert lint(copy).returncode != 0, f"{breach} was not caught"
