"""Files: taken in by purpose, recognised, cleaned of metadata, kept under their digest, handed out to those who may."""

from __future__ import annotations

from io import BufferedReader
from typing import IO, NoReturn

from django.db import transaction

from madoguchi.kit import clock

from .. import events
from ..enums import AccessAction
from ..errors import FileRefusedError, RefusedError
from ..models import Account, Municipality, StoredFile, acting_for, municipality_in_scope
from ..registry import FilePurpose, file_purposes
from ..rules import file_types
from ..rules.images import UnreadableImageError, without_metadata
from ..rules.retention import retain_until
from . import file_store
from .accesses import log_access
from .events import record_event

ORPHAN_SECONDS = 24 * 3600


def store_file(*, content: bytes | IO[bytes], name: str, purpose: str, actor: Account | None = None) -> StoredFile:
    """
    Take in a file for a registered purpose and return its row.

    The type is recognised from the content. Images lose their metadata. Raises ``FileRefusedError`` with a Japanese message
    when the file is empty, too large, of a type the purpose does not take, broken, or not what its name says.
    """
    rules = file_purposes.get(purpose)
    data = _read(content, rules)
    media_type = _judge(data, name, rules)
    if media_type in file_types.IMAGES:
        data = _clean(data, media_type, rules)
    return _keep(data, name, media_type, rules, actor)


def _read(content: bytes | IO[bytes], rules: FilePurpose) -> bytes:
    data = content if isinstance(content, bytes) else content.read(rules.max_bytes + 1)
    if not data:
        _refuse("ファイルが空です。中身のあるファイルを選んでください。", rules, "empty")
    if len(data) > rules.max_bytes:
        limit = rules.max_bytes / 1024 / 1024
        _refuse(
            f"ファイルが大きすぎます。{limit:g}MBまでのファイルを選ぶか、分けて登録してください。", rules, "too_large"
        )
    return data


def _judge(data: bytes, name: str, rules: FilePurpose) -> str:
    media_type = file_types.recognise(data, name)
    found = file_types.label_of(media_type)
    if claimed := file_types.contradiction(media_type, name):
        ending = file_types.ending_of(name)
        _refuse(
            f"ファイル名は「.{ending}」（{file_types.label_of(claimed)}）ですが、中身は{found}です。"
            "正しい形式で保存し直すか、ファイル名を直してください。",
            rules,
            "contradiction",
        )
    if media_type not in rules.media_types:
        allowed = "、".join(sorted(file_types.label_of(known) for known in rules.media_types))
        advice = "新しい形式（.docx、.xlsx、.pptx）で保存し直してください。" if media_type == file_types.OLE else ""
        _refuse(
            f"{found}は登録できません。{advice}「{rules.label}」に使える形式: {allowed}。", rules, "type_not_allowed"
        )
    return media_type


def _clean(data: bytes, media_type: str, rules: FilePurpose) -> bytes:
    try:
        return without_metadata(data, media_type)
    except UnreadableImageError as error:
        _refuse(f"{error}ほかの画像を選んでください。", rules, "unreadable")


def _refuse(message: str, rules: FilePurpose, reason: str) -> NoReturn:
    data = {"purpose": rules.key, "reason": reason}
    record_event(kind=events.FILE_REFUSED, subject=municipality_in_scope(), data=data)
    raise FileRefusedError(message)


def _keep(data: bytes, name: str, media_type: str, rules: FilePurpose, actor: Account | None) -> StoredFile:
    # The content first: a row without content would be a lie, a content without a row is swept away.
    digest = file_store.put(data)
    with transaction.atomic():
        stored = StoredFile.objects.create(
            municipality=municipality_in_scope(),
            digest=digest,
            name=file_types.safe_name(name),
            media_type=media_type,
            size=len(data),
            purpose=rules.key,
            retention_class=rules.retention_class,
            retain_until=retain_until(rules.retention_class, clock.today()),
            uploaded_by=actor,
            stored_at=clock.now(),
        )
        facts = {"purpose": rules.key, "media_type": media_type, "digest": digest}
        record_event(kind=events.FILE_STORED, subject=stored, actor=actor, quantity=len(data), data=facts)
    return stored


def access_file(
    *, actor: Account | None, file_id: int, action: AccessAction = AccessAction.DOWNLOAD, address: str | None = None
) -> StoredFile:
    """
    Return a stored file the actor may read; the look is logged where its purpose is personal.

    Raises ``StoredFile.DoesNotExist``, or ``RefusedError`` when the purpose does not let the actor read it.
    """
    stored = StoredFile.objects.get(pk=file_id)
    purpose = file_purposes.get(stored.purpose)
    if not purpose.may_read(actor, stored):
        message = f"「{purpose.label}」のファイルを見る権限がありません。担当の部署にお問い合わせください。"
        raise RefusedError(message, action="read", actor=actor, subject=stored)
    if purpose.is_personal:
        log_access(actor=actor, subject=stored, purpose=purpose.label, action=action, address=address)
    return stored


@transaction.atomic
def discard_file(*, stored: StoredFile, actor: Account | None = None) -> None:
    """
    Discard a file; its content goes once the change is committed, unless another row has the same.

    Raises ``ProtectedError`` while something refers to the file.
    """
    municipality, digest = municipality_in_scope(), stored.digest
    facts = {"purpose": stored.purpose, "digest": digest}
    record_event(kind=events.FILE_DISCARDED, subject=stored, actor=actor, quantity=stored.size, data=facts)
    stored.delete()
    transaction.on_commit(lambda: _remove_unless_used(municipality, digest))


def _remove_unless_used(municipality: Municipality, digest: str) -> None:
    with acting_for(municipality):
        if not StoredFile.objects.filter(digest=digest).exists():
            file_store.remove(digest)


def sweep_files() -> int:
    """Remove contents of the municipality in scope that no row has and nobody touched for a day; return how many."""
    known = set(StoredFile.objects.values_list("digest", flat=True))
    orphans = [path for path in file_store.contents_older_than(ORPHAN_SECONDS) if path.name not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def open_file(stored: StoredFile) -> BufferedReader:
    """Open the content of a stored file for reading; ask ``access_file`` for the row first."""
    return file_store.open_content(stored.digest)
