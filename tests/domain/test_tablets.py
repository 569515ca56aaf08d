"""Who signs in on a tablet: with a PIN that is not among the first to be guessed, where they work."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.tablets
from domain.sessions import digest
from domain.tablets import Credentials, Tablet, TabletKey
from tests.builders import NOW

TABLET = Tablet("SH001-1", "SH001", digest("secret"), NOW)
LI = Credentials("a-1", "SH001", True, "hash")


@given(st.text(min_size=1), st.text("abcXYZ019_-", min_size=1))
def test_a_tablets_key_is_read_as_it_was_written(id: str, secret: str) -> None:
    assert domain.tablets.parsed(str(TabletKey(id, secret))) == TabletKey(id, secret)


@pytest.mark.parametrize("text", ["", ".", "SH001-1", "SH001-1.", ".secret"])
def test_what_has_not_its_shape_is_no_key(text: str) -> None:
    assert domain.tablets.parsed(text) is None


def test_a_tablet_is_known_by_its_last_key() -> None:
    assert domain.tablets.is_known(TABLET, TabletKey("SH001-1", "secret"))
    assert not domain.tablets.is_known(TABLET, TabletKey("SH001-1", "former"))
    assert not domain.tablets.is_known(None, TabletKey("SH001-1", "secret"))


def test_who_has_left_works_elsewhere_or_has_no_pin_does_not_sign_in() -> None:
    assert domain.tablets.may_sign_in(LI, TABLET)
    others = (None, replace(LI, is_active=False), replace(LI, location_id="SH002"), replace(LI, pin_hash=None))
    assert not any(domain.tablets.may_sign_in(one, TABLET) for one in others)


@pytest.mark.parametrize(
    "pin", ["", "12345", "111111", "123456", "987654", "890123", "12345x", "１２３７５９", "1" * 13]
)
def test_a_pin_that_is_guessed_among_the_first_is_weak(pin: str) -> None:
    assert domain.tablets.is_weak(pin)


@pytest.mark.parametrize("pin", ["294817", "112233", "0000001", "135790"])
def test_other_pins_are_not(pin: str) -> None:
    assert not domain.tablets.is_weak(pin)
