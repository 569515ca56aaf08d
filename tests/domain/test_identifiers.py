"""Every name has one normal form, however it is written; what cannot be one is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.identifiers
from domain.members import Identifier, IdentifierType
from tests.builders import NOW

OTHERS = sorted(set(IdentifierType) - {IdentifierType.PHONE}, key=lambda type: type.value)
types = st.sampled_from(OTHERS)
texts = (
    st.text(max_size=140)
    | st.from_regex(r"\s*[ＡaZ9._ -]{1,12}@[a-zＡ-Ｆİ.]{1,12}\s*")
    | st.text("０9aßﬀZ -.", max_size=42)
)


@given(types, texts)
def test_the_normal_form_of_a_normal_form_is_itself_MEM_6(type: IdentifierType, text: str) -> None:
    normal = domain.identifiers.normal(type, text)
    assert normal is None or domain.identifiers.normal(type, normal) == normal


@pytest.mark.parametrize(
    ("type", "text", "normal"),
    [
        (IdentifierType.CARD, " vip 0012-3456 ", "VIP00123456"),
        (IdentifierType.CARD, "ＶＩＰ００１２３４５６", "VIP00123456"),
        (IdentifierType.CARD, "12", None),
        (IdentifierType.CARD, "卡12345", None),
        (IdentifierType.EMAIL, " Anna.Li@Example.COM", "anna.li@example.com"),
        (IdentifierType.EMAIL, "anna@localhost", None),
        (IdentifierType.EMAIL, "an na@example.com", None),
        (IdentifierType.EMAIL, f"a@{'x' * 250}.com", None),
        (IdentifierType.UNIONID, "oAbC-1_x", "oAbC-1_x"),
        (IdentifierType.OPENID, "o AbC", None),
        (IdentifierType.EXTERNAL_USERID, "wmAbC\n", "wmAbC"),
        (IdentifierType.POS_ID, " 17850 ", "17850"),
        (IdentifierType.POS_ID, "  ", None),
    ],
)
def test_names_are_kept_in_one_form(type: IdentifierType, text: str, normal: str | None) -> None:
    assert domain.identifiers.normal(type, text) == normal


def test_somebody_is_found_by_the_end_of_a_phone_and_of_nothing_else() -> None:
    phone = Identifier(IdentifierType.PHONE, "+8613800138000", True, "till", NOW)
    card = Identifier(IdentifierType.CARD, "VIP00138000", True, "till", NOW)
    assert [domain.identifiers.tail(name) for name in (phone, card)] == ["8000", None]
