"""Making documents in tests, and what outside programs say of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from madoguchi.records.api import issue_document
from madoguchi.records.models import IssuedDocument
from madoguchi.records.selectors.templates import shipped_templates
from madoguchi.records.services.producing import produce_document
from madoguchi.trust.api import Account, Municipality, add_municipality, assign_duty, open_file
from madoguchi.trust.enums import AccountKind, Role

PASSWORD = "correct horse battery"


def make_city(key: str = "odawara", code: str = "142069", name: str = "小田原市") -> Municipality:
    return add_municipality(key=key, code=code, name=name, phone="0465-33-1300", order=1)


def make_resident(login: str = "hanako", name: str = "見本 花子") -> Account:
    return Account.objects.create_account(login=login, password=PASSWORD, kind=AccountKind.RESIDENT, name=name)


def make_staff_of(login: str, *roles: Role) -> Account:
    account = Account.objects.create_account(login=login, password=PASSWORD, kind=AccountKind.STAFF, name=login)
    for role in roles or (Role.SECTION_CHIEF,):
        assign_duty(account=account, role=role, from_date=date(2024, 4, 1), unit=None)
    return account


def sample(template: str = "certificate", **changes: Any) -> dict[str, Any]:
    return {**shipped_templates()[template].sample, **changes}


def issue(recipient: Account, *, template: str = "certificate", **changes: Any) -> IssuedDocument:
    content = changes.pop("content", None) or sample(template)
    arguments: dict[str, Any] = {
        "subject": recipient,
        "template": template,
        "kind": template,
        "title": content.get("title", "納税証明書"),
        "content": content,
        "recipient": recipient,
        "recipient_name": recipient.name,
    }
    return issue_document(**{**arguments, **changes})


def produce(document: IssuedDocument) -> bool:
    fresh = IssuedDocument.objects.select_related("municipality", "template_version__template").get(pk=document.pk)
    return produce_document(document=fresh)


def pdf_of(document: IssuedDocument) -> bytes:
    with open_file(document.file) as file:
        return file.read()


def tool(name: str, *arguments: str, data: bytes) -> str:
    """Return what one of poppler's tools says of a PDF; a file, since pdfsig reads no pipe."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed (poppler-utils)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(data)
        last = ["-"] if name == "pdftotext" else []
        done = subprocess.run([name, *arguments, str(path), *last], capture_output=True, check=False)
    return done.stdout.decode() + done.stderr.decode()


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


def tampered(pdf: bytes, place: int) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= 0x01
    return bytes(changed)
