"""Having a PDF of unknown origin judged by a process of its own."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.trust.api import Municipality

from ...errors import SealError, UnreadablePdfError
from ...registry import Examination, SignatureFinding
from .identity import identity_of, trusted_roots

JUDGE = Path(__file__).with_name("judge.py")
SECONDS = 40
_places = threading.BoundedSemaphore(2)


def examine(*, pdf: bytes, municipality: Municipality) -> Examination:
    """Return what is found; raises ``UnreadablePdfError`` with a plain reason."""
    if not pdf.lstrip(b"\x00\t\n\x0c\r ")[:1024].startswith(b"%PDF-"):
        raise UnreadablePdfError(_("このファイルはPDFではありません。受け取ったPDFファイルをそのまま選んでください。"))
    found = _judge(pdf, _job(municipality))
    if error := found.get("error"):
        raise UnreadablePdfError(_reason(str(error)))
    signatures = [_finding(item) for item in found["signatures"]]
    return Examination(signatures, int(found["pages"]))


def _job(municipality: Municipality) -> dict[str, Any]:
    try:
        roots = trusted_roots()
        ours = [identity_of(municipality).certificate.sha256.hex()]
    except SealError:
        # Without roots a signature can still be shown to be whole or not, and whose it says it is.
        roots, ours = (), []
    return {"roots": [base64.b64encode(root.dump()).decode() for root in roots], "ours": ours}


def _judge(pdf: bytes, job: dict[str, Any]) -> dict[str, Any]:
    if not _places.acquire(timeout=SECONDS):
        raise UnreadablePdfError(_("ただいま確認が混み合っています。しばらくしてから、もう一度お試しください。"))
    try:
        # The program is ours; the file goes through standard input.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(JUDGE)],
            input=json.dumps(job).encode() + b"\n" + pdf,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"error": "too_complex"}
    finally:
        _places.release()
    return found


def _reason(error: str) -> str:
    return {
        "encrypted": _("このPDFにはパスワードがかかっています。受け取ったときのままのファイルを選んでください。"),
        "too_complex": _("このPDFは複雑すぎて確認できません。受け取ったときのままのファイルを選んでください。"),
    }.get(error, _("このPDFは壊れているため、読み取れません。もう一度ダウンロードしたファイルを選んでください。"))


def _finding(item: dict[str, Any]) -> SignatureFinding:
    moments = {name: datetime.fromisoformat(item[name]) if item[name] else None for name in ("signed_at", "revoked_at")}
    return SignatureFinding(**{**item, **moments})
