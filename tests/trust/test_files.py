from __future__ import annotations

import io
import os
import time
import zipfile
import zlib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from madoguchi.kit import clock
from madoguchi.trust import services
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import AccessAction, RetentionClass
from madoguchi.trust.errors import FileRefusedError, RefusedError
from madoguchi.trust.models import AccessRecord, Event, StoredFile
from madoguchi.trust.permissions import is_staff
from madoguchi.trust.registry import FilePurpose, file_purposes
from madoguchi.trust.rules import file_types
from madoguchi.trust.rules.retention import retain_until
from madoguchi.trust.services import file_store

from .people import make_account

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LIMIT = 200_000


@pytest.fixture(autouse=True)
def purposes():
    types = file_types.IMAGES | file_types.DOCUMENTS | file_types.DATA
    proof = FilePurpose("test.proof", "実績の根拠", types, LIMIT, RetentionClass.YEARS_5, is_staff)
    public = FilePurpose(
        "test.public",
        "公開資料",
        frozenset({file_types.PDF}),
        LIMIT,
        RetentionClass.PERMANENT,
        lambda a, s: True,
        False,
    )
    with (
        file_purposes.registered_temporarily(proof.key, proof),
        file_purposes.registered_temporarily(public.key, public),
    ):
        yield


def store(content: bytes, name: str, purpose: str = "test.proof", **options) -> StoredFile:
    return services.store_file(content=content, name=name, purpose=purpose, **options)


def read(stored: StoredFile) -> bytes:
    with file_store.open_content(stored.digest) as file:
        return file.read()


def picture(kind: str, **options) -> bytes:
    target = io.BytesIO()
    Image.effect_noise((60, 40), 80).convert("RGB").save(target, kind, **options)
    return target.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (35.0, 15.0, 30.0)
    return picture("JPEG", exif=exif, comment=b"SECRETCOMMENT")


def archive(*names: str, **contents: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, contents.get(name, "<x/>"))
    return target.getvalue()


XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
DOCX = archive("[Content_Types].xml", "word/document.xml")


def refused(content: bytes, name: str, purpose: str = "test.proof") -> str:
    with pytest.raises(FileRefusedError) as caught:
        store(content, name, purpose)
    assert not StoredFile.objects.exists()
    return str(caught.value)


def test_a_file_is_kept_under_its_digest_with_its_name_and_type(odawara):
    actor = make_account("sato")
    stored = store(PDF, "令和8年度 報告書.pdf", actor=actor)
    assert (stored.name, stored.media_type, stored.size) == ("令和8年度 報告書.pdf", "application/pdf", len(PDF))
    assert stored.uploaded_by == actor
    assert read(stored) == PDF
    assert file_store.is_intact(stored.digest)
    event = Event.objects.get(key="trust.file.stored")
    assert (event.subject_id, event.quantity, event.data["digest"]) == (str(stored.pk), len(PDF), stored.digest)


def test_the_same_content_is_kept_once(odawara):
    first, second = store(PDF, "a.pdf"), store(PDF, "b.pdf")
    assert first.digest == second.digest
    assert len(list(file_store.folder_of(odawara).glob("??/*"))) == 1


def test_another_city_does_not_see_the_file(odawara, oyama):
    stored = store(PDF, "a.pdf", "test.public")
    with acting_for(oyama), pytest.raises(StoredFile.DoesNotExist):
        services.access_file(actor=None, file_id=stored.pk)
    with acting_for(oyama):
        assert file_store.is_intact(stored.digest) is None


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (picture("PNG"), "a.png", file_types.PNG),
        (picture("JPEG"), "a.JPG", file_types.JPEG),
        (picture("GIF"), "a.gif", file_types.GIF),
        (picture("WEBP"), "a.webp", file_types.WEBP),
        (picture("TIFF"), "a.tif", file_types.TIFF),
        (PDF, "a.pdf", file_types.PDF),
        (b"\xef\xbb\xbf \n" + PDF, "a.pdf", file_types.PDF),
        (XLSX, "a.xlsx", file_types.XLSX),
        (DOCX, "a.docx", file_types.DOCX),
        (archive("mimetype", "content.xml", mimetype=file_types.ODS), "a.ods", file_types.ODS),
        ("課,件数\n介護,3\n".encode("cp932"), "一覧.csv", file_types.CSV),
        ("課,件数\n".encode("utf-8-sig"), "一覧.csv", file_types.CSV),
        ("課\t件数\n".encode("utf-16"), "一覧.txt", file_types.TEXT),
        (b'{"a": [1, 2]}', "a.json", file_types.JSON),
        (b"<?xml version='1.0'?><definitions/>", "a.dmn", file_types.XML),
        ("覚え書き".encode(), "覚え書き", file_types.TEXT),
    ],
)  # fmt: skip
def test_the_type_is_recognised_from_the_content(odawara, content, name, expected):
    assert store(content, name).media_type == expected


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (picture("PNG"), "a.pdf", "PNG画像"),
        (PDF, "a.jpg", "PDF"),
        (XLSX, "a.docx", "Excel"),
        (b"MZ\x90\x00" + bytes(60), "報告.pdf", "プログラム"),
        (b"<html><script>alert(1)</script></html>", "a.txt", "HTML"),
        (b"<!-- x --><!-- y --> <svg onload='x()'/>", "a.csv", "SVG"),
        (b"\x00\x01\x02\x03" * 20, "a.csv", "種類の分からないファイル"),
        ("平文".encode(), "a.pdf", "テキスト"),
        (b"not json", "a.json", "テキスト"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(odawara, content, name, words):
    message = refused(content, name)
    assert words in message
    assert "ですが、中身は" in message


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "空です"),
        (PDF + bytes(LIMIT), "a.pdf", "大きすぎます"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "新しい形式"),
        (archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsm", "マクロ"),
        (b"#!/bin/sh\nrm -rf /\n", "a.sh", "プログラム"),
        (archive("a.txt"), "a.zip", "ZIP"),
        (b"\x00\x01\x02\x03", "a.dat", "種類の分からない"),
        (b"PK\x03\x04broken", "a", "種類の分からない"),
        (b"<html></html>", "a.html", "HTML"),
        (picture("PNG")[:60], "a.png", "壊れている"),
        (picture("JPEG")[:-200], "a.jpg", "壊れている"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_what_to_do(odawara, content, name, words):
    message = refused(content, name)
    assert words in message
    assert message.endswith("。")
    assert Event.objects.filter(key="trust.file.refused").count() == 1


def test_a_purpose_takes_only_its_own_types(odawara):
    assert "公開資料" in refused(picture("PNG"), "a.png", "test.public")


def test_an_upload_larger_than_the_limit_is_not_read_to_its_end(odawara):
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= LIMIT + 1
            self.taken += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(FileRefusedError, match="大きすぎ"):
        store(endless, "a.txt")
    assert endless.taken == LIMIT + 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_loses_what_the_camera_wrote(odawara, kind):
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    stored = store(picture(kind, exif=exif), f"a.{kind.lower()}")
    assert b"SECRETCAMERA" not in read(stored)
    with Image.open(io.BytesIO(read(stored))) as image:
        assert image.size == (60, 40)
        assert 0x010F not in image.getexif()


def test_a_photograph_is_turned_upright_and_tells_no_place(odawara):
    original = photo_with_place()
    assert b"SECRETCAMERA" in original
    cleaned = read(store(original, "a.jpg"))
    assert b"SECRET" not in cleaned
    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.size == (40, 60)
        assert not dict(image.getexif())
        assert not image.getexif().get_ifd(0x8825)


def test_a_picture_without_metadata_keeps_its_pixels(odawara):
    original = picture("PNG")
    with Image.open(io.BytesIO(original)) as before, Image.open(io.BytesIO(read(store(original, "a.png")))) as after:
        assert list(before.getdata()) == list(after.getdata())


def test_every_page_and_frame_of_a_picture_is_kept(odawara):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    for kind in ("GIF", "TIFF"):
        target = io.BytesIO()
        frames[0].save(target, kind, save_all=True, append_images=frames[1:])
        with Image.open(io.BytesIO(read(store(target.getvalue(), f"a.{kind.lower()}")))) as image:
            assert image.n_frames == 3


def test_a_picture_that_would_swell_in_memory_is_refused(odawara):
    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    header = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    assert "大きすぎます" in refused(bomb, "a.png")


def test_reading_a_personal_file_is_logged_and_others_are_refused(odawara):
    stored, reader = store(PDF, "a.pdf"), make_account("sato")
    assert services.access_file(actor=reader, file_id=stored.pk, address="192.0.2.1") == stored
    record = AccessRecord.objects.get()
    assert (record.actor, record.purpose, record.action) == (reader, "実績の根拠", AccessAction.DOWNLOAD)
    assert (record.subject_id, record.address) == (str(stored.pk), "192.0.2.1")
    for stranger in (None, make_account("yamada", kind="resident")):
        with pytest.raises(RefusedError, match="見る権限がありません"):
            services.access_file(actor=stranger, file_id=stored.pk)
    assert AccessRecord.objects.count() == 1


def test_reading_a_public_file_leaves_no_trace(odawara):
    services.access_file(actor=None, file_id=store(PDF, "a.pdf", "test.public").pk)
    assert not AccessRecord.objects.exists()


def test_a_discarded_file_takes_its_content_along_unless_another_has_the_same(
    odawara, django_capture_on_commit_callbacks
):
    first, second = store(PDF, "a.pdf"), store(PDF, "b.pdf")
    digest = first.digest
    with django_capture_on_commit_callbacks(execute=True):
        services.discard_file(stored=first)
    assert file_store.is_intact(digest)
    with django_capture_on_commit_callbacks(execute=True):
        services.discard_file(stored=second)
    assert file_store.is_intact(digest) is None
    assert Event.objects.filter(key="trust.file.discarded").count() == 2


def test_contents_nobody_refers_to_are_swept_after_a_day(odawara):
    kept = store(PDF, "a.pdf")
    orphan = file_store.put(b"orphan")
    assert services.sweep_files() == 0
    for path in file_store.folder_of(odawara).glob("??/*"):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert services.sweep_files() == 1
    assert file_store.is_intact(orphan) is None
    assert file_store.is_intact(kept.digest)


def test_a_content_that_was_altered_on_disk_is_noticed(odawara):
    stored = store(PDF, "a.pdf")
    file_store.path_of(stored.digest).write_bytes(PDF + b"x")
    assert file_store.is_intact(stored.digest) is False


def test_retention_counts_from_the_end_of_the_fiscal_year(odawara):
    with clock.frozen(datetime(2026, 11, 20, tzinfo=clock.TOKYO)):
        assert store(PDF, "a.pdf").retain_until == date(2032, 3, 31)
    assert retain_until("1", date(2027, 3, 31)) == date(2028, 3, 31)
    assert retain_until("1", date(2027, 4, 1)) == date(2029, 3, 31)
    assert retain_until(RetentionClass.PERMANENT, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sato\\報告書.pdf", "報告書.pdf"),
        ("a\x00b\r\n.pdf", "a_b__.pdf"),
        ("\u202efdp.exe", "_fdp.exe"),
        ("...", "file"),
        ("", "file"),
        ("見積\u3000.pdf", "見積\u3000.pdf"),
        ("渡邉󠄀様.pdf", "渡邉󠄀様.pdf"),
    ],
)
def test_a_name_is_made_safe_and_otherwise_left_as_received(name, safe):
    assert file_types.safe_name(name) == safe


@given(st.text(st.characters(), max_size=400) | st.text("あ\ud800/.\\ ", max_size=400))
def test_any_name_becomes_one_that_every_system_keeps(name):
    safe = file_types.safe_name(name)
    assert 0 < len(safe.encode()) <= 240
    assert not set(safe) & set('/\\<>:"|?*\x00\r\n')
    assert safe not in {".", ".."}
    assert file_types.safe_name(safe) == safe


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a.mp4", file_types.MP4),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a.mp4", file_types.UNKNOWN),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87", "a.webm", file_types.WEBM),
        (b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", "a.webm", file_types.UNKNOWN),
    ],
)
def test_a_video_is_one_that_browsers_play(content, name, expected):
    assert file_types.recognise(content, name) == expected


@given(st.binary(max_size=300), st.sampled_from(["a", "a.csv", "a.pdf", "a.json", "a.zip"]))
def test_recognising_never_fails(content, name):
    assert file_types.recognise(content, name)


def test_a_text_of_many_comments_is_judged_at_once():
    started = time.perf_counter()
    file_types.recognise(b"<!---->" * 9000 + b"x", "a.txt")
    assert time.perf_counter() - started < 1
