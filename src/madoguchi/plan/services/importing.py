"""Plan documents and data files come in as drafts; nothing is public before a person publishes it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, current_municipality, record_event

from .. import events
from ..errors import DocumentError
from ..models import PlanDraft
from ..registry import PlanReader, readers
from ..rules.draft import ReadResult
from ..rules.draft_json import from_json, to_json
from ..rules.reading.document import Document, load_document
from ..rules.soundness import faults

SURE_ENOUGH = 0.5
MOST_FAULTS = 5
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
"""Characters that JSON can write and a database cannot keep: NUL and halves of a surrogate pair."""


def choose_reader(document: Document, *, key: str = "") -> PlanReader:
    """Return the named reader, or the one that recognises the document best; raises ``DocumentError`` when none does."""
    if key:
        found = readers.find(key)
        if found is None:
            raise DocumentError(f"「{key}」という読み取り方式はありません（{', '.join(readers.keys())}）。")
        return found
    scores = [(reader.recognises(document), name, reader) for name, reader in readers.items()]
    best = max(scores, key=lambda score: score[:2], default=(0.0, "", None))
    if best[2] is None or best[0] < SURE_ENOUGH:
        raise DocumentError("この文書の様式を判別できませんでした。読み取り方式を選んで、もう一度お試しください。")
    return best[2]


def read_document(data: bytes, *, reader: str = "") -> ReadResult:
    """Read a plan document without storing anything; raises ``DocumentError`` naming the line."""
    document = load_document(data)
    return choose_reader(document, key=reader).read(document)


def import_document(*, name: str, data: bytes, actor: Account | None = None, reader: str = "") -> PlanDraft:
    """
    Read a plan document into a draft of the municipality in scope.

    The same document imported again while its draft is open gives the same draft. Raises ``DocumentError``.
    """
    document = load_document(data)
    chosen = choose_reader(document, key=reader)
    result = chosen.read(document)
    text = "\n".join(line.raw for line in document.lines)
    return _store(name=name, data=data, reader=chosen.key, document=text, content=to_json(result), actor=actor)


def import_data_file(*, name: str, data: bytes, actor: Account | None = None) -> PlanDraft:
    """Load a plan data file (``plan export --format data``) into a draft; raises ``DocumentError`` on a foreign file."""
    content = _json(data)
    for text in filter(NOT_TEXT.search, _texts(content)):
        shown = NOT_TEXT.sub("�", text)[:30]
        raise DocumentError(
            f"「{shown}」に文字ではないデータが含まれています。書き出したファイルをそのままお使いください。"
        )
    if not isinstance(content, dict) or not content.get("plans"):
        raise DocumentError(
            "計画データではありません（plans がありません）。計画データとして書き出したファイルをお選びください。"
        )
    result = from_json({name: content[name] for name in ("reader", "plans") if name in content})
    found = list(islice(faults(result.plans), MOST_FAULTS))
    if found:
        raise DocumentError("計画データを直してください。" + " ".join(found))
    return _store(name=name, data=data, reader=result.reader, document="", content=to_json(result), actor=actor)


def _texts(content: Any) -> Iterator[str]:
    """Yield every text of a JSON value, names included."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        raise DocumentError(
            "JSON として読めません。書き出したファイルをそのままお使いください。", line=error.lineno
        ) from error
    except UnicodeDecodeError as error:
        raise DocumentError("JSON の文字コードは UTF-8 にしてください。") from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, or lists within lists within lists: no plan looks like that.
        raise DocumentError("JSON として読めません。桁数や入れ子が多すぎます。") from error


@transaction.atomic
def _store(*, name: str, data: bytes, reader: str, document: str, content: Any, actor: Account | None) -> PlanDraft:
    digest = hashlib.sha256(data).hexdigest()
    known = PlanDraft.objects.filter(digest=digest, status="open", reader=reader).first()
    if known is not None:
        return known
    draft = PlanDraft.objects.create(
        municipality=current_municipality(),
        name=name[:200],
        reader=reader,
        digest=digest,
        document=document,
        content=content,
        imported_by=actor,
        imported_at=clock.now(),
    )
    data_of_event = {"reader": reader, "digest": digest, "unplaced": len(content.get("unplaced", []))}
    record_event(kind=events.DRAFT_IMPORTED, subject=draft, actor=actor, data=data_of_event)
    return draft


def refuse_import(*, name: str, data: bytes, actor: Account | None = None) -> None:
    """Record that a file could not be imported: its digest and size, so that the same file can be recognised."""
    record_event(
        kind=events.IMPORT_REFUSED,
        subject=current_municipality(),
        actor=actor,
        quantity=len(data),
        data={"digest": hashlib.sha256(data).hexdigest()},
    )


def read_result(draft: PlanDraft) -> ReadResult:
    """Return the read result that a draft holds, corrections included."""
    return from_json(draft.content)


__all__ = [
    "choose_reader",
    "import_data_file",
    "import_document",
    "read_document",
    "read_result",
    "refuse_import",
]
