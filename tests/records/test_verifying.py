"""Checking documents: what is said, what is kept quiet, who is slowed down, what no file can do."""

from __future__ import annotations

import io
import zlib
from datetime import date, timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.records.api import replace_document, revoke_document
from madoguchi.records.enums import Verdict
from madoguchi.records.errors import TooManyAttemptsError, UnreadablePdfError
from madoguchi.records.models import IssuerProfile, VerificationAttempt
from madoguchi.records.rules.codes import new_code
from madoguchi.records.services.verifying import MISSES_OF_SOURCE, verify_file, verify_number
from madoguchi.trust.api import AccessRecord, StoredFile
from madoguchi.trust.models import Event

from .issuing import PASSWORD, issue, make_resident, pdf_of, produce, sample, tampered

pytestmark = [pytest.mark.database, pytest.mark.django_db]
HOME = "192.0.2.7"


def sign_in(visitor, account) -> None:
    visitor.post("/accounts/logout/")
    answer = visitor.post("/accounts/login/", {"login": account.login, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()


def by_number(document, **changes):
    return verify_number(**{"number": document.number, "code": document.code, "address": HOME, **changes}).verdict


def by_file(pdf: bytes):
    return verify_file(pdf=pdf, address=HOME)


def test_a_document_is_valid_by_number_and_by_file(issued) -> None:
    assert by_number(issued) == Verdict.VALID
    assert by_number(issued, number=issued.number.lower().replace("-", "　")) == Verdict.VALID
    outcome = by_file(pdf_of(issued))
    assert (outcome.verdict, outcome.document) == (Verdict.VALID, issued)
    assert outcome.signatures[0].is_trusted
    said = Event.objects.filter(key="records.document.verified").values_list("data__result", "data__by")
    assert sorted(said) == [("valid", "file"), ("valid", "number"), ("valid", "number")]


def test_a_wrong_code_and_an_unknown_number_look_alike(issued) -> None:
    assert by_number(issued, code=new_code()) == Verdict.UNKNOWN
    assert by_number(issued, number="2026-99999-" + "0") == Verdict.UNKNOWN
    assert not Event.objects.filter(key="records.document.verified").exists()


def test_revoked_replaced_and_expired_documents_say_so(authority, resident) -> None:
    revoked, replaced = issue(resident), issue(resident)
    ending = issue(resident, valid_until=clock.today())
    for document in (revoked, replaced, ending):
        produce(document)
    old_pdf = pdf_of(type(replaced).objects.get(pk=replaced.pk))
    revoke_document(document=revoked, reason="誤り", actor=None)
    produce(replace_document(document=replaced, content=sample(), reason="訂正", actor=None))
    assert by_number(revoked) == Verdict.REVOKED
    assert by_number(replaced) == Verdict.REPLACED
    assert by_file(old_pdf).verdict == Verdict.REPLACED
    assert by_number(ending) == Verdict.VALID
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert by_number(ending) == Verdict.EXPIRED


def test_a_document_that_is_not_ready_says_so(authority, resident) -> None:
    assert by_number(issue(resident)) == Verdict.PREPARING


@pytest.mark.parametrize("share", [0.04, 0.4, 0.8, 0.97])
def test_a_changed_byte_never_passes(issued, share: float) -> None:
    pdf = pdf_of(issued)
    try:
        outcome = by_file(tampered(pdf, int(len(pdf) * share)))
    except UnreadablePdfError:
        return
    assert outcome.verdict in {Verdict.ALTERED, Verdict.UNSIGNED}
    assert outcome.document is None


def test_something_added_afterwards_is_found(issued) -> None:
    pdf = pdf_of(issued)
    assert by_file(pdf + b"\n% added\n%%EOF\n").verdict == Verdict.ALTERED
    assert by_file(pdf + b" ").verdict == Verdict.ALTERED


def test_a_pdf_without_signature_and_one_of_a_stranger_are_told_apart(
    issued, short_lived_authority, settings, tmp_path, resident
) -> None:
    from madoguchi.records.plugins.pades import trust as seal_trust

    from .conftest import use

    plain = pikepdf.new()
    plain.add_blank_page()
    out = io.BytesIO()
    plain.save(out)
    assert by_file(out.getvalue()).verdict == Verdict.UNSIGNED
    before = settings.SEAL_FOLDER, settings.SEAL_AUTHORITY, settings.SEAL_TSA
    use(settings, short_lived_authority, tmp_path / "stranger")
    stranger = issue(resident)
    produce(stranger)
    pdf = pdf_of(type(stranger).objects.get(pk=stranger.pk))
    stranger.revisions.all().delete()
    settings.SEAL_FOLDER, settings.SEAL_AUTHORITY, settings.SEAL_TSA = before
    seal_trust.forget()
    outcome = by_file(pdf)
    assert outcome.verdict == Verdict.FOREIGN
    (signature,) = outcome.signatures
    assert (signature.is_intact, signature.is_trusted, signature.signer) == (True, False, "小田原市長（見本）")


def encrypted() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def bomb() -> bytes:
    """A PDF whose object stream unpacks to a gigabyte."""
    packed = zlib.compressobj(1)
    body = b"".join(packed.compress(b" " * 2**20) for _ in range(1024)) + packed.flush()
    head = f"1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {len(body)} >>\nstream\n"
    objects = b"%PDF-1.7\n" + head.encode() + body + b"\nendstream\nendobj\n"
    rows = (
        b"\x00\x00\x00\xff"
        + b"\x01\x00\x09\x00"
        + b"\x02\x00\x01\x00"
        + b"\x01"
        + len(objects).to_bytes(3, "big")[:2]
        + b"\x00"
    )
    packed_rows = zlib.compress(rows)
    xref = (
        f"3 0 obj\n<< /Type /XRef /Size 4 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode /Length {len(packed_rows)} >>\n"
        "stream\n"
    ).encode()
    return objects + xref + packed_rows + f"\nendstream\nendobj\nstartxref\n{len(objects)}\n%%EOF\n".encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "PDFではありません"),
        (b"%PDF-1.7\n" + b"\x00" * 4000, "壊れている"),
        (b"%PDF-1.7\n%%EOF", "壊れている"),
        (b"PK\x03\x04" + b"0" * 200, "PDFではありません"),
    ],
)
def test_what_is_no_pdf_is_refused_with_a_plain_reason(city, authority, content: bytes, said: str) -> None:
    with pytest.raises(UnreadablePdfError, match=said):
        by_file(content)


def test_an_encrypted_and_an_exploding_pdf_are_refused_and_nothing_is_kept(city, authority) -> None:
    with pytest.raises(UnreadablePdfError, match="パスワード"):
        by_file(encrypted())
    with pytest.raises(UnreadablePdfError):
        by_file(bomb())
    with pytest.raises(UnreadablePdfError, match="大きすぎ"):
        by_file(b"%PDF-1.7" + bytes(21 * 1024 * 1024))
    assert not StoredFile.objects.exists()


def test_who_guesses_is_slowed_down_and_the_others_are_not(issued) -> None:
    for _ in range(MISSES_OF_SOURCE):
        assert by_number(issued, code=new_code()) == Verdict.UNKNOWN
    with pytest.raises(TooManyAttemptsError):
        by_number(issued)
    assert by_number(issued, address="198.51.100.1") == Verdict.VALID
    assert Event.objects.filter(key="records.verification.refused").count() == 1
    assert not VerificationAttempt.objects.filter(source__contains=HOME).exists()
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert by_number(issued) == Verdict.VALID


def test_the_page_shows_no_more_than_issuer_kind_number_dates_and_state(visitor, issued) -> None:
    revoke_document(document=issued, reason="秘密の理由", actor=None)
    page = visitor.get(issued.verify_path)
    text = page.content.decode()
    assert page.status_code == 200
    for shown in (issued.number, "証明書", "小田原市", "取り消されています"):
        assert shown in text
    for hidden in ("見本 花子", "みどり町", "秘密の理由", "納税", "120,000"):
        assert hidden not in text


def test_the_form_leads_to_the_result_and_keeps_what_was_typed(visitor, issued) -> None:
    index = reverse("verify:index")
    page = visitor.post(index, {"number": issued.number, "code": "4K7R-20M5-XW30"})
    assert page.status_code == 422
    assert "確認コードに打ち間違いがあります" in page.content.decode()
    assert issued.number in page.content.decode()
    assert not VerificationAttempt.objects.exists()
    page = visitor.post(index, {"number": issued.number, "code": issued.code}, follow=True)
    assert 'data-verdict="valid"' in page.content.decode()


def test_a_file_is_checked_on_the_page(visitor, issued) -> None:
    upload = SimpleUploadedFile("証明書.pdf", pdf_of(issued), content_type="application/pdf")
    before = StoredFile.objects.count()
    page = visitor.post(reverse("verify:index"), {"file": upload, "check-file": "1"})
    assert 'data-verdict="valid"' in page.content.decode()
    assert "PAdES-B-LTA" in page.content.decode()
    assert StoredFile.objects.count() == before
    page = visitor.post(reverse("verify:index"), {"file": SimpleUploadedFile("x.pdf", b"x"), "check-file": "1"})
    assert page.status_code == 422
    assert "PDFではありません" in page.content.decode()


def test_odd_addresses_are_answered(visitor, city) -> None:
    for path in ("/verify/x/y/", "/verify/%00/%00/", "/verify/" + "9" * 300 + "/a/", "/verify/２０２６/-/"):
        assert visitor.get(path).status_code in {200, 400, 404}


def test_people_fetch_their_own_documents_and_no_others(visitor, issued, resident, city) -> None:
    sign_in(visitor, resident)
    page = visitor.get("/documents/")
    assert issued.number in page.content.decode()
    answer = visitor.get(f"/documents/{issued.number}/")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == pdf_of(issued)
    issued.refresh_from_db()
    assert issued.downloads == 1
    assert issued.first_downloaded_at is not None
    assert AccessRecord.objects.filter(subject_type="records.issueddocument", action="download").count() == 1
    other = make_resident("taro", "見本 太郎")
    sign_in(visitor, other)
    assert issued.number not in visitor.get("/documents/").content.decode()
    assert visitor.get(f"/documents/{issued.number}/").status_code == 403
    issued.refresh_from_db()
    assert issued.downloads == 1


def test_staff_find_documents_by_name_number_and_day_and_take_them_out_as_csv(visitor, issued, chief) -> None:
    sign_in(visitor, chief)
    for query in (
        f"q={issued.number}",
        "q=花子",
        "q=納税",
        f"from={clock.today()}",
        "kind=certificate",
        "status=issued",
    ):
        assert issued.number in visitor.get(f"/records/?{query}").content.decode(), query
    for query in ("q=太郎", f"to={date(2020, 1, 1)}", "kind=permit", "status=revoked"):
        assert issued.number not in visitor.get(f"/records/?{query}").content.decode(), query
    csv = b"".join(visitor.get("/records/export/").streaming_content).decode("utf-8-sig").splitlines()
    assert len(csv) == 2
    assert csv[1].startswith(issued.number)
    assert AccessRecord.objects.filter(action="export").count() == 1


def test_staff_revoke_on_the_page_and_residents_see_none_of_it(visitor, issued, chief, resident) -> None:
    sign_in(visitor, resident)
    assert visitor.get("/records/").status_code == 403
    assert visitor.post(f"/records/{issued.number}/revoke/", {"reason": "x"}).status_code == 403
    sign_in(visitor, chief)
    assert visitor.post(f"/records/{issued.number}/revoke/", {"reason": " "}).status_code == 422
    visitor.post(f"/records/{issued.number}/revoke/", {"reason": "記載の誤り"})
    issued.refresh_from_db()
    assert issued.status == "revoked"
    assert "記載の誤り" in visitor.get(f"/records/{issued.number}/").content.decode()


def test_a_preview_with_a_character_no_font_has_says_which(visitor, chief, city) -> None:
    IssuerProfile.objects.create(municipality=city, head_title="市長", head_name="見本 \U00013000")
    sign_in(visitor, chief)
    answer = visitor.get("/records/templates/in-use/certificate/", follow=True)
    assert answer.redirect_chain == [("/records/templates/", 302)]
    assert "U+13000" in answer.content.decode()
