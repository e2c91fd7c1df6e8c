"""Where the reference data beside the repository is; tests on it are skipped, with a reason, where it is absent."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared"


def shared_path(*parts: str) -> Path:
    """Return a file or folder of the reference data, or skip the running test when it is not there."""
    path = Path(os.environ.get("MADOGUCHI_SHARED") or _BESIDE, *parts)
    if not path.exists() and os.environ.get("MADOGUCHI_REQUIRE_SHARED") == "1":
        pytest.fail(f"the reference data must be here: {'/'.join(parts)} (set MADOGUCHI_SHARED)")
    if not path.exists():
        pytest.skip(f"the reference data are not here: {'/'.join(parts)} (set MADOGUCHI_SHARED)")
    return path
