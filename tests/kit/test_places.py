"""Towns are found however they are written, and a town that is not in the list is never made one that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.places import locate, may_exist, towns_of


@pytest.mark.parametrize(
    ("address", "city", "town"),
    [
        ("神奈川県小田原市荻窪300番地 みどり荘101", "小田原市", "荻窪"),
        ("小田原市 荻窪 ３００", "小田原市", "荻窪"),
        ("荻窪300番地", "小田原市", "荻窪"),
        ("小田原市東ケ丘1-2", "小田原市", "東ヶ丘"),
        ("小田原市北の窪5", "小田原市", "北ノ窪"),
        ("小田原市大字久野1番地", "小田原市", "久野"),
        ("小田原市穴部新田10", "小田原市", "穴部新田"),
        ("小田原市緑町1", "小田原市", ""),
        ("小田原市存在町1", "小田原市", ""),
        ("神奈川県平塚市浅間町9-1", "平塚市", "浅間町"),
        ("相模原市緑区橋本6", "相模原市緑区", "橋本"),
    ],
)
def test_an_address_is_placed_in_its_town(address: str, city: str, town: str) -> None:
    found = locate(address, home="小田原市")
    assert found is not None
    assert (found.city, found.town) == (city, town)


def test_the_codes_of_a_town_are_those_that_stand_for_it() -> None:
    found = locate("小田原市荻窪300", home="小田原市")
    assert found is not None
    assert found.postal_codes == {"2500042"}
    assert [town.town for town in towns_of("250-0042")] == ["荻窪"]
    assert may_exist("２５０ー００４２")


def test_an_address_without_a_city_says_nothing_where_no_home_is_known() -> None:
    assert locate("荻窪300番地") is None
    assert locate("  ", home="小田原市") is None


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    found = locate(text, home="小田原市")
    assert found is None or found.city
