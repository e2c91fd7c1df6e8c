"""The file of the core system: read exactly, compared before anything is changed, characters kept, doubts listed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.trust.api import Account, acting_for, add_resident
from madoguchi.trust.enums import Role
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.models import Resident
from madoguchi.trust.rules.resident_layout import LayoutError, read_registry
from madoguchi.trust.services.registry_link import apply_registry, compare_registry, digest_of, link_resident

from .people import event_keys, make_odawara, make_staff

HEAD = "宛名番号,世帯番号,氏名,氏名_カナ,生年月日,性別,続柄,郵便番号,住所,方書,消除年月日"
AOI = "1001,H1,緑山 あおい,ミドリヤマ アオイ,平成2年5月5日,2,世帯主,2500042,小田原市荻窪300番地,みどり荘101,"
HARU = "1002,H1,緑山 はる,ミドリヤマ ハル,20200402,2,子,250-0042,小田原市荻窪300番地,みどり荘101,"
RARE = "1003,H2,辻󠄀 葛󠄀子,ツジ カツコ,S40.1.2,女,世帯主,2500042,小田原市荻窪1番地,,"


def csv(*lines: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([head, *lines]).encode(encoding)


class TestReading:
    def test_takes_dates_postal_codes_and_sexes_however_systems_write_them(self) -> None:
        file = read_registry(csv(AOI, HARU, RARE))
        assert [row.values["birth_date"] for row in file.rows] == [date(1990, 5, 5), date(2020, 4, 2), date(1965, 1, 2)]
        assert {row.values["postal_code"] for row in file.rows} == {"250-0042"}
        assert file.rows[0].values["address"] == "小田原市荻窪300番地 みどり荘101"
        assert file.problems == ()

    def test_keeps_variation_selectors_and_reports_characters_without_a_code(self) -> None:
        file = read_registry(csv(RARE, "1004,,〓田 太郎,,,,,,,,"))
        assert file.rows[0].values["name"] == "辻󠄀 葛󠄀子"
        assert file.rows[1].values["name"] == "〓田 太郎"
        assert file.rows[1].remarks
        assert not file.rows[0].remarks

    def test_reads_cp932_and_json_alike(self) -> None:
        cells = dict(zip(HEAD.split(","), AOI.split(","), strict=True))
        from_csv = read_registry(csv(AOI, encoding="cp932"))
        from_json = read_registry(json.dumps({"residents": [cells]}).encode())
        assert from_csv.encoding == "cp932"
        assert from_csv.rows[0].values == from_json.rows[0].values

    @pytest.mark.parametrize(
        ("line", "column"),
        [
            ("1,,緑山,,昨日,,,,,,", "生年月日"),
            ("1,,緑山,,,9,,,,,", "性別"),
            ("1,,緑山,,,,,25000,,,", "郵便番号"),
            (",,緑山,,,,,,,,", "宛名番号"),
            ("1,,,,,,,,,,", "氏名"),
            ("1,,緑山,,,,,,,123456789018,", "宛名番号"),
        ],
    )
    def test_leaves_out_what_it_cannot_read_and_says_which_line_and_column(self, line, column) -> None:
        file = read_registry(csv(AOI, line))
        assert len(file.rows) == 1
        assert [(problem.line, problem.column) for problem in file.problems] == [(3, column)]

    def test_names_a_number_that_comes_twice(self) -> None:
        file = read_registry(csv(AOI, AOI))
        assert len(file.rows) == 1
        assert "2行目" in file.problems[0].message

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            "氏名\n緑山".encode(),
            "宛名番号,住所\n1,x".encode(),
            "宛名番号,氏名,個人番号\n1,緑山,123456789018".encode(),
            b"[1, 2]",
            b"{" * 5000,
            b"\x00\x01\x02",
        ],
    )
    def test_refuses_as_a_whole_what_is_no_such_file(self, content) -> None:
        with pytest.raises(LayoutError):
            read_registry(content)

    @given(st.binary(max_size=400))
    def test_never_fails_otherwise(self, content) -> None:
        with contextlib.suppress(LayoutError):
            assert read_registry(content).columns


@pytest.mark.django_db
@pytest.mark.database
class TestBringingInLine:
    @pytest.fixture
    def registrar(self, settings) -> Iterator[Account]:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        with acting_for(make_odawara()):
            yield make_staff("jumin", Role.REGISTRAR)

    def test_a_comparison_changes_nothing_and_an_import_does_what_it_said(self, registrar) -> None:
        content = csv(AOI, HARU, RARE)
        said = compare_registry(content=content, actor=registrar)
        assert (len(said.new), said.same, Resident.objects.count()) == (3, 0, 0)
        apply_registry(content=content, actor=registrar, digest=digest_of(content))
        assert set(Resident.objects.values_list("name", flat=True)) == {"緑山 あおい", "緑山 はる", "辻󠄀 葛󠄀子"}
        again = compare_registry(content=content, actor=registrar)
        assert again.is_empty
        assert again.same == 3
        assert "trust.registry.imported" in event_keys()

    def test_changes_and_ends_go_by_the_number_alone(self, registrar) -> None:
        apply_registry(content=csv(AOI, HARU), actor=registrar)
        moved = AOI.replace("荻窪300番地", "栄町1番地")
        gone = HARU[:-1] + ",令和8年11月1日"
        comparison = apply_registry(content=csv(moved, gone), actor=registrar)
        assert [set(one.fields) for one in comparison.changed] == [{"address"}]
        assert Resident.objects.get(registry_number="1001").address.startswith("小田原市栄町1番地")
        assert Resident.objects.get(registry_number="1002").ended_on == date(2026, 11, 1)
        assert compare_registry(content=csv(moved), actor=registrar).absent == 1

    def test_somebody_who_looks_the_same_is_listed_and_never_matched_by_guess(self, registrar) -> None:
        here = add_resident(name="緑山あおい", birth_date=date(1990, 5, 5))
        comparison = apply_registry(content=csv(AOI), actor=registrar)
        assert [(one.row.registry_number, one.resident_ids) for one in comparison.doubtful] == [("1001", (here.pk,))]
        assert Resident.objects.count() == 1
        link_resident(resident=here, row=comparison.doubtful[0].row, actor=registrar)
        assert Resident.objects.get().registry_number == "1001"
        assert compare_registry(content=csv(AOI), actor=registrar).is_empty

    def test_another_file_than_the_one_looked_at_is_refused_and_nothing_changes(self, registrar) -> None:
        with pytest.raises(ValueError, match="looked at"):
            apply_registry(content=csv(AOI), actor=registrar, digest=digest_of(csv(HARU)))
        assert Resident.objects.count() == 0

    def test_only_a_registrar_may(self, registrar) -> None:
        clerk = make_staff("tanto", Role.SECTION_STAFF)
        with pytest.raises(RefusedError):
            apply_registry(content=csv(AOI), actor=clerk)
        assert Resident.objects.count() == 0
