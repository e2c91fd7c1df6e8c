import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import hashing

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet=st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)
DIGESTS = st.lists(st.binary(max_size=8).map(hashing.digest_bytes), min_size=1, max_size=6, unique=True)


@given(JSON)
def test_the_canonical_writing_is_json_and_stable(value):
    written = hashing.canonical(value)
    assert json.loads(written) == value
    assert hashing.canonical(json.loads(written)) == written


@given(st.dictionaries(st.text(alphabet="abか", max_size=3), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_matter(value):
    assert hashing.digest(dict(reversed(value.items()))) == hashing.digest(value)


def test_known_values_have_known_writings():
    assert hashing.canonical({"b": [1, True, None], "あ": "\n", "a": Decimal("1.50")}) == (
        '{"a":"1.50","b":[1,true,null],"あ":"\\n"}'.encode()
    )
    assert hashing.canonical((Decimal("1E+3"),)) == b'["1000"]'
    assert hashing.digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert hashing.digest_bytes(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("value", [1.5, {"a": [2.0]}, {1: "a"}, b"bytes", {"a"}, object()])
def test_values_without_a_single_writing_are_refused(value):
    with pytest.raises(TypeError):
        hashing.digest(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), "\ud800"])
def test_values_that_cannot_be_written_are_refused(value):
    with pytest.raises(ValueError):
        hashing.digest(value)


@given(DIGESTS, st.data())
def test_changing_inserting_removing_or_moving_a_digest_changes_the_link(digests, data):
    link = hashing.chain(hashing.GENESIS, digests)
    place = data.draw(st.integers(0, len(digests) - 1))
    other = hashing.digest_bytes(b"something else entirely")
    assert hashing.chain(hashing.GENESIS, [*digests[:place], other, *digests[place + 1 :]]) != link
    assert hashing.chain(hashing.GENESIS, [*digests[:place], other, *digests[place:]]) != link
    assert hashing.chain(hashing.GENESIS, [*digests[:place], *digests[place + 1 :]]) != link
    assert hashing.chain(other, digests) != link
    if len(digests) > 1:
        assert hashing.chain(hashing.GENESIS, digests[::-1]) != link


@pytest.mark.parametrize("wrong", ["", "abc", "G" * 64, "A" * 64])
def test_only_digests_are_chained(wrong):
    with pytest.raises(ValueError, match="not a SHA-256"):
        hashing.chain(hashing.GENESIS, [wrong])
    with pytest.raises(ValueError, match="not a SHA-256"):
        hashing.chain(wrong, [])
