"""What the pages of the builder have in common: finding things, sections, breadcrumbs."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ...enums import VersionStatus
from ...models import Procedure, ProcedureVersion
from .editor import Editor

CODE = re.compile(r"[a-z0-9_-]{1,60}")
SECTIONS: dict[str, Any] = {
    "basics": _lazy("基本"),
    "form": _lazy("フォーム"),
    "fees": _lazy("手数料・判定"),
    "flow": _lazy("流れ"),
    "outputs": _lazy("結果"),
    "settings": _lazy("設定"),
    "tests": _lazy("テスト"),
}
"""The sections in which the definition is edited, in the order of work; checking, comparing and publishing follow."""


def find_procedure(code: str) -> Procedure:
    """Return the procedure of a code; raises ``Http404``."""
    known = CODE.fullmatch(code) is not None
    found = Procedure.objects.select_related("published", "unit").filter(code=code).first() if known else None
    if found is None:
        raise Http404(code)
    return found


def draft_of(procedure: Procedure) -> ProcedureVersion | None:
    """Return the draft of a procedure, if it has one."""
    drafts = ProcedureVersion.objects.filter(procedure=procedure, status=VersionStatus.DRAFT)
    return drafts.select_related("procedure", "edited_by", "based_on").order_by("-number").first()


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumbs of a page of the builder."""
    return [{"label": label, "url": url} for label, url in [(_("手続をつくる"), reverse("builder:index")), *steps]]


def side(editor: Editor, current: str) -> list[dict[str, Any]]:
    """Return the side menu of the editor: its sections with the number of things to put right, then what comes after."""
    code = editor.version.procedure.code
    made = [
        {
            "label": label,
            "url": reverse("builder:section", args=[code, key]),
            "current": key == current,
            "badge": editor.errors_of(key),
        }
        for key, label in SECTIONS.items()
    ]
    after = [
        {"label": label, "url": reverse(f"builder:{name}", args=[code]), "current": name == current}
        for name, label in (
            ("check", _("検査")),
            ("compare", _("比較")),
            ("publish", _("公開")),
            ("versions", _("版の履歴")),
        )
    ]
    return [
        {"label": _("すべての手続"), "url": reverse("builder:index"), "current": False},
        {"label": _("つくる"), "current": False, "children": made},
        {"label": _("確かめて公開する"), "current": False, "children": after},
    ]
