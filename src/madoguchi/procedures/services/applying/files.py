"""Files of a draft and of a message: taken in by the rules of the field, removed with what they were for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, FileRefusedError, StoredFile, discard_file, municipality_in_scope, store_file

from ...models import Application, Attachment, Draft, Message
from ...rules.definition import Component, FormField

PURPOSE = "procedures.attachment"
MEGABYTE = 1024 * 1024
MESSAGE_FILES, MESSAGE_MEGABYTES = 5, 10


def attach_file(
    *,
    subject: Draft | Application,
    field: FormField,
    file: UploadedFile[Any],
    actor: Account | None,
    path: str = "",
    count: int = 0,
) -> dict[str, Any]:
    """
    Take in a file for a field and return its answer ``{file, name, media_type, size}``.

    ``subject`` is the draft, or the application a correction is made to; who calls has seen that the actor holds it.
    ``path`` is where the field stands (a field inside a row), ``count`` how many files it has. Raises
    ``FileRefusedError`` for one too many, one that is too large, or of a type the field does not take.
    """
    limit = 1 if field.component == Component.SIGNATURE else field.maximum_files
    if count >= limit:
        raise FileRefusedError(
            _("添付できるファイルは%(count)s個までです。先に、いらないファイルを削除してください。") % {"count": limit}
        )
    stored = _take(file, field.maximum_megabytes, field.media_types, actor)
    Attachment.objects.create(
        municipality=municipality_in_scope(),
        draft=subject if isinstance(subject, Draft) else None,
        application=subject if isinstance(subject, Application) else None,
        field=(path or field.code)[:120],
        stored=stored,
        added_at=clock.now(),
    )
    return as_answer(stored)


def _take(file: UploadedFile[Any], megabytes: int, media_types: Sequence[str], actor: Account | None) -> StoredFile:
    if (file.size or 0) > megabytes * MEGABYTE:
        raise FileRefusedError(
            _("ファイルが大きすぎます。%(limit)sMBまでのファイルを選ぶか、分けて添付してください。")
            % {"limit": megabytes}
        )
    # Not in one transaction with what follows: the event of a refusal must stay.
    stored = store_file(content=file.read(), name=file.name or "file", purpose=PURPOSE, actor=actor)
    if media_types and not any(_fits(stored.media_type, wanted) for wanted in media_types):
        discard_file(stored=stored, actor=actor)
        raise FileRefusedError(
            _("この項目には、%(kinds)sのファイルを添付してください。") % {"kinds": kinds_in_words(media_types)}
        )
    return stored


def _fits(media_type: str, wanted: str) -> bool:
    return media_type == wanted or (wanted.endswith("/*") and media_type.startswith(wanted[:-1]))


def kinds_in_words(media_types: Sequence[str]) -> str:
    """Return media types as people call them."""
    known = {
        "application/pdf": "PDF",
        "image/jpeg": _("写真（JPEG）"),
        "image/png": _("画像（PNG）"),
        "image/*": _("写真・画像"),
    }
    return "、".join(known.get(kind, kind.rpartition("/")[2].upper()) for kind in media_types)


def as_answer(stored: StoredFile) -> dict[str, Any]:
    """Return the answer that stands for a stored file."""
    return {"file": str(stored.pk), "name": stored.name, "media_type": stored.media_type, "size": stored.size}


@transaction.atomic
def detach_file(*, subject: Draft, file: int, actor: Account | None) -> bool:
    """Remove a file from a draft; False where the draft has no such file. What was sent with an application stays."""
    attachment = Attachment.objects.filter(draft=subject, stored_id=file).select_related("stored").first()
    if attachment is None:
        return False
    attachment.delete()
    discard_file(stored=attachment.stored, actor=actor)
    return True


def known_files(subject: Draft | Application) -> dict[int, dict[str, Any]]:
    """Return the files a draft or an application really has, by id."""
    owner = {"draft": subject} if isinstance(subject, Draft) else {"application": subject, "message": None}
    attached = Attachment.objects.filter(**owner).select_related("stored")
    return {attachment.stored_id: as_answer(attachment.stored) for attachment in attached}


def believed(*, fields: Sequence[FormField], answers: Mapping[str, Any], known: Mapping[int, Any]) -> dict[str, Any]:
    """Return answers in which only files occur that are really there: what a form claims beside them is not believed."""
    by_code = {field.code: field for field in fields}
    return {
        code: _believed(by_code[code], value, known) if code in by_code else value for code, value in answers.items()
    }


def _believed(field: FormField, value: Any, known: Mapping[int, Any]) -> Any:
    if field.component == Component.FILE:
        files = value if isinstance(value, list) else []
        return [known[pk] for item in files if (pk := _id_of(item)) in known] or None
    if field.component == Component.SIGNATURE and isinstance(value, dict) and "file" in value:
        pk = _id_of(value)
        kept = {key: item for key, item in value.items() if key == "typed"}
        return {**kept, "file": known[pk]["file"]} if pk in known else kept or None
    if field.component == Component.GROUP and isinstance(value, list):
        return [
            believed(fields=field.fields, answers=row, known=known) if isinstance(row, dict) else row for row in value
        ]
    return value


def _id_of(item: Any) -> int:
    text = str(item.get("file", "")) if isinstance(item, dict) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def take_message_files(*, files: Sequence[UploadedFile[Any]], actor: Account | None) -> list[StoredFile]:
    """Take in the files of a message; raises ``FileRefusedError``, and then none of them is kept."""
    if len(files) > MESSAGE_FILES:
        raise FileRefusedError(_("1つのメッセージに添付できるのは%(count)s個までです。") % {"count": MESSAGE_FILES})
    taken: list[StoredFile] = []
    try:
        for file in files:
            taken.append(_take(file, MESSAGE_MEGABYTES, (), actor))
    except FileRefusedError:
        for stored in taken:
            discard_file(stored=stored, actor=actor)
        raise
    return taken


def attach_to_message(*, message: Message, files: Sequence[StoredFile]) -> None:
    """Put files that were taken in with their message."""
    for stored in files:
        Attachment.objects.create(
            municipality=message.municipality,
            application=message.application,
            message=message,
            stored=stored,
            added_at=clock.now(),
        )
