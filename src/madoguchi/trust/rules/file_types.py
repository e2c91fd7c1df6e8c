"""Which file types are known: what they are called, which endings they have, how they are recognised by their content."""

from __future__ import annotations

import io
import json
import posixpath
import re
import unicodedata
import zipfile

PDF = "application/pdf"
JPEG, PNG, GIF, WEBP, TIFF = "image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = _OFFICE + "wordprocessingml.document"
XLSX = _OFFICE + "spreadsheetml.sheet"
PPTX = _OFFICE + "presentationml.presentation"
_ODF = "application/vnd.oasis.opendocument."
ODT, ODS, ODP = _ODF + "text", _ODF + "spreadsheet", _ODF + "presentation"
CSV, TEXT, JSON, XML = "text/csv", "text/plain", "application/json", "application/xml"
ZIP = "application/zip"
MP4, WEBM = "video/mp4", "video/webm"
HTML, SVG, OLE, MACRO, PROGRAM, UNKNOWN = (
    "text/html",
    "image/svg+xml",
    "application/x-ole-storage",
    "application/x-office-with-macros",
    "application/x-executable",
    "application/octet-stream",
)

IMAGES = frozenset({JPEG, PNG, GIF, WEBP, TIFF})
DOCUMENTS = frozenset({PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP})
TABLES = frozenset({CSV, XLSX, ODS, TEXT})
DATA = frozenset({CSV, TEXT, JSON, XML})
VIDEOS = frozenset({MP4, WEBM})

LABELS = {
    PDF: "PDF",
    JPEG: "JPEG画像",
    PNG: "PNG画像",
    GIF: "GIF画像",
    WEBP: "WebP画像",
    TIFF: "TIFF画像",
    DOCX: "Word文書（.docx）",
    XLSX: "Excelブック（.xlsx）",
    PPTX: "PowerPoint（.pptx）",
    ODT: "ODF文書（.odt）",
    ODS: "ODF表計算（.ods）",
    ODP: "ODFプレゼンテーション（.odp）",
    CSV: "CSV",
    TEXT: "テキスト",
    JSON: "JSON",
    XML: "XML",
    ZIP: "ZIP",
    MP4: "MP4動画",
    WEBM: "WebM動画",
    HTML: "HTML",
    SVG: "SVG",
    OLE: "古い形式のOffice文書",
    MACRO: "マクロ付きのOffice文書",
    PROGRAM: "プログラム",
    UNKNOWN: "種類の分からないファイル",
}

_ENDINGS = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    PNG: ("png",),
    GIF: ("gif",),
    WEBP: ("webp",),
    TIFF: ("tif", "tiff"),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
    PPTX: ("pptx",),
    ODT: ("odt",),
    ODS: ("ods",),
    ODP: ("odp",),
    CSV: ("csv", "tsv"),
    TEXT: ("txt", "text", "log", "md"),
    JSON: ("json", "geojson"),
    XML: ("xml", "dmn", "bpmn"),
    ZIP: ("zip",),
    MP4: ("mp4", "m4v"),
    WEBM: ("webm",),
    HTML: ("html", "htm", "xhtml"),
    SVG: ("svg",),
    OLE: ("doc", "xls", "ppt"),
    MACRO: ("docm", "xlsm", "pptm"),
    PROGRAM: ("exe", "dll", "bat", "cmd", "ps1", "sh", "js", "vbs", "msi", "jar", "scr", "com"),
}
BY_ENDING = {ending: media_type for media_type, endings in _ENDINGS.items() for ending in endings}

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"#!", PROGRAM),
)
# Brands of ISO/IEC 14496-12 files browsers play; pictures (heic, avif) and QuickTime say so by other ones.
_MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"}
)
_EBML = b"\x1a\x45\xdf\xa3"
_OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
# A page a browser would run, whatever stands before it: comments, the XML declaration, another document type. Atomic
# groups keep a text of many comments from being tried in every way of dividing it.
_MARKUP = re.compile(
    r"^[\ufeff\s]*(?>(?:(?><!--.*?-->)\s*|<\?xml[^>]*>\s*|<!doctype\s+(?!html|svg)[^>]*>\s*)*)"
    r"<(?:(?P<svg>!doctype\s+svg|(?:\w+:)?svg)|!doctype\s+html|html|head|body|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_NAME_BYTES = 240


def label_of(media_type: str) -> str:
    """Return a media type in words."""
    return LABELS.get(media_type, media_type)


def ending_of(name: str) -> str:
    """Return the ending of a file name in lower case without the dot, empty where there is none."""
    return posixpath.splitext(unicodedata.normalize("NFKC", name).lower())[1].removeprefix(".")


def recognise(content: bytes, name: str) -> str:
    """
    Return the media type of a content. The name decides only between types that cannot be told apart by content.

    A PDF, an image, an archive or a program is known by its first bytes; text by being text, in UTF-8, UTF-16 or CP932.
    """
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if video := _recognise_video(content):
        return video
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _recognise_archive(content)
    return _recognise_text(content, name)


def _recognise_video(content: bytes) -> str:
    if content[4:8] == b"ftyp":
        return MP4 if content[8:12] in _MP4_BRANDS else UNKNOWN
    if content.startswith(_EBML):
        # The document type (element 0x4282) stands in the header: WebM is a Matroska file that says so.
        return WEBM if b"\x42\x82\x84webm" in content[:64] else UNKNOWN
    return ""


def _recognise_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            declared = archive.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return UNKNOWN
    if any(posixpath.basename(entry).lower() == "vbaproject.bin" for entry in names):
        return MACRO
    if "[Content_Types].xml" in names:
        return next((found for part, found in _OFFICE_PARTS.items() if part in names), ZIP)
    return declared if declared in {ODT, ODS, ODP} else ZIP


def _recognise_text(content: bytes, name: str) -> str:
    text = read_text(content)
    if text is None:
        return UNKNOWN
    if page := _MARKUP.match(text[:65536]):
        return SVG if page["svg"] else HTML
    by_name = BY_ENDING.get(ending_of(name), TEXT)
    if by_name == JSON:
        return JSON if _is_json(text) else TEXT
    if by_name == XML:
        return XML if text.lstrip("\ufeff \t\r\n").startswith("<") else TEXT
    return by_name if by_name in {CSV, PROGRAM} else TEXT


def read_text(content: bytes) -> str | None:
    """Return a content as text, None when it is none in UTF-8, UTF-16 with byte order mark or CP932."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp932"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def contradiction(media_type: str, name: str) -> str:
    """Return the type a file name claims when its content is of another one, else nothing; unknown endings claim nothing."""
    claimed = BY_ENDING.get(ending_of(name))
    if claimed is None or claimed == media_type:
        return ""
    # A table saved as text, a list saved as .csv with one column, notes saved as .json: the content is text all the same.
    if claimed in {CSV, TEXT} and media_type in {CSV, TEXT}:
        return ""
    return claimed


def safe_name(name: str) -> str:
    """
    Return a file name that every system can keep: no folders, no control or direction characters, at most 240 bytes.

    The letters stay as received. A name of nothing but dots or spaces becomes ``file``.
    """
    base = posixpath.basename(name.replace("\\", "/")).encode("utf-8", "replace").decode()
    cleaned = _UNSAFE.sub("_", base).strip(" .\u3000") or "file"
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = cleaned, "", ""
    while len(f"{stem}{dot}{ending}".encode()) > _NAME_BYTES:
        stem = stem[:-1]
    return f"{stem}{dot}{ending}"
