"""The program as an operator runs it: the installed command, in a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).parent / "madoguchi"


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return what the program is told: its data folder and what is given, nothing of the settings of this run."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MADOGUCHI_", "DJANGO_"))}
    return {**inherited, "MADOGUCHI_HOME": str(home), **more}


def run(home: Path, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; the database is SQLite whatever the suite runs on."""
    return subprocess.run(
        [PROGRAM, *arguments], env=environment(home, **more), capture_output=True, text=True, check=False
    )
