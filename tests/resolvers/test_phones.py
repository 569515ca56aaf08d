"""A phone is one phone in whatever country and however somebody writes it."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from resolvers.phones import normal

KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP)
EXAMPLES: list[PhoneNumber] = [
    example
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in KINDS
    if (example := phonenumbers.example_number_for_type(region, kind)) is not None
]
WRITTEN = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL)


@given(st.sampled_from(EXAMPLES), st.sampled_from(WRITTEN), st.sampled_from(["+", "00", "＋", "tel:+"]), st.data())
def test_every_country_s_numbers_have_one_form_however_they_are_written_MEM_6(
    number: PhoneNumber, written: int, prefix: str, data: st.DataObject
) -> None:
    plain = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    digits = phonenumbers.format_number(number, written).removeprefix("+")
    gap = st.sampled_from(["", "", " ", "-", ".", " - "])
    typed = prefix + "".join(digit + data.draw(gap) for digit in digits)
    assert normal(typed) == plain
    assert normal(plain) == plain


@given(st.text("+0123456789-() ０９", max_size=20) | st.from_regex(r"\A(\+|00)?(86|44|39|1|55)?[0-9]{6,12}\Z"))
def test_the_normal_form_of_a_normal_form_is_itself_MEM_6(text: str) -> None:
    once = normal(text)
    assert once is None or normal(once) == once


@pytest.mark.parametrize(
    "typed",
    [
        "+86 138-0013-8000",
        "13800138000",
        "138 0013 8000",
        "8613800138000",
        "0086 138 0013 8000",
        "＋８６１３８００１３８０００",
        "(+86)13800138000",
        "+86 013800138000",
        "tel:+8613800138000",
    ],
)
def test_a_number_at_home_needs_no_country_MEM_6(typed: str) -> None:
    assert normal(typed) == "+8613800138000"


def test_what_is_dialled_within_a_country_only_goes_and_what_belongs_to_the_number_stays() -> None:
    assert normal("+44 (0)7911 123456") == normal("+44 07911 123456") == "+447911123456"
    assert normal("+39 06 698 12345") == "+390669812345"


@pytest.mark.parametrize(
    "typed", ["", "8000", "1380013800", "138001380000", "13800138000 ext. 3", "+1 800 FLOWERS", "+", "0" * 300]
)
def test_what_nobody_can_be_reached_by_is_no_phone(typed: str) -> None:
    assert normal(typed) is None
