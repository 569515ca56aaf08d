"""Masked, a name or a number is enough to ask for the rest, and no more."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.masking
from domain.members import Gender, IdentifierType, Profile


@pytest.mark.parametrize(("plain", "masked"), [("王小明", "王*"), ("John", "J***"), ("Łucja", "Ł***"), ("", "")])
def test_a_name_is_its_first_character(plain: str, masked: str) -> None:
    assert domain.masking.name(plain) == masked


def test_a_masked_profile_has_a_name_and_nothing_else() -> None:
    assert domain.masking.profile(Profile("王芳", Gender.FEMALE, date(1990, 1, 1))) == Profile("王*")


@pytest.mark.parametrize(
    ("type", "plain", "masked"),
    [
        (IdentifierType.PHONE, "+8613800138000", "138****8000"),
        (IdentifierType.PHONE, "+447911123456", "+****3456"),
        (IdentifierType.EMAIL, "anna@x.com", "a***@x.com"),
        (IdentifierType.CARD, "VIP00123456", "****3456"),
        (IdentifierType.CARD, "12345678", "****"),
        (IdentifierType.OPENID, "oAbCdEfGhIjKl", "****"),
    ],
)
def test_an_identifier_shows_what_its_owner_knows_it_by(type: IdentifierType, plain: str, masked: str) -> None:
    assert domain.masking.identifier(type, plain) == masked


@given(st.from_regex(r"\A\+[1-9][0-9]{6,14}\Z"))
def test_at_least_three_digits_of_a_phone_stay_hidden(plain: str) -> None:
    shown = domain.masking.identifier(IdentifierType.PHONE, plain)
    assert sum(map(str.isdigit, plain)) - sum(map(str.isdigit, shown)) >= 3
    assert plain.removeprefix("+") not in shown
