"""The rules of the LINE channel: signatures, sizes as LINE counts them, postbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.messaging.rules import line


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40))
def test_a_webhook_signed_as_line_says_is_known_and_one_byte_more_is_not(body: bytes, secret: str) -> None:
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    assert line.is_signed(secret, body, signature)
    assert not line.is_signed(secret, body + b"x", signature)
    assert not line.is_signed("", body, signature)


@given(st.text(max_size=400), st.integers(min_value=4, max_value=60))
def test_parts_of_a_text_fit_and_lose_no_letter(text: str, limit: int) -> None:
    parts = line.split_text(text, limit)
    assert all(0 < line.measure(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(max_size=100), st.integers(min_value=2, max_value=50))
def test_a_cut_text_fits_as_line_counts(text: str, limit: int) -> None:
    cut = line.cut(text, limit)
    assert len(cut.encode("utf-16-le", "surrogatepass")) // 2 <= limit
    assert cut == text or cut.endswith("…")


@given(st.dictionaries(st.sampled_from(["v", "page", "code"]), st.text(min_size=1, max_size=8), max_size=3))
def test_what_a_button_says_comes_back_as_it_was(values: dict[str, str]) -> None:
    kept = {key: value for key, value in values.items() if value.isprintable()}
    assert line.unpack(line.pack("topic", **kept)) == {"do": "topic", **kept}


def test_a_postback_longer_than_line_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        line.pack("town", v="あ" * 40)


def test_a_postback_of_somebody_else_says_nothing() -> None:
    assert line.unpack("&".join(f"a{number}=1" for number in range(20))) == {}


def test_a_refusal_is_told_in_one_line() -> None:
    answer = {"message": "errors", "details": [{"property": "to[3]", "message": "bad"}, "nonsense"]}
    assert line.detail_of(answer) == ("errors / to[3]: bad", ("to[3]",))
