"""
Emergencies: the keys CAP messages are signed with, and whose messages are taken in.

``MADOGUCHI_CAP_TRUSTED`` names PEM files with the certificates of those who may send CAP messages to ``/cap/in/``, apart by the
system's path separator; where any is named, a message without their signature is refused.
"""

from __future__ import annotations

import os
from pathlib import Path

from . import configuration

CAP_KEY_FOLDER = configuration.home() / "keys" / "cap"
"""Key and certificate of each municipality, made once; readable by their owner only."""

CAP_TRUSTED = [
    Path(part).expanduser() for part in os.environ.get("MADOGUCHI_CAP_TRUSTED", "").split(os.pathsep) if part
]
for _path in CAP_TRUSTED:
    if not _path.is_file():
        raise configuration.ConfigurationError(f"MADOGUCHI_CAP_TRUSTED={_path}: 証明書のファイルがありません。")
