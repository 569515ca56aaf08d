"""What a scanner reads finds the barcode in the catalogue, however either was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.codes

digits = st.text("0123456789", min_size=13, max_size=13)
gtins = digits.map(lambda body: body + str(domain.codes.check_digit(body)))


@pytest.mark.parametrize(
    "published",
    ["4006381333931", "036000291452", "96385074", "09521234543213", "80614141123458", "08466324857515"],
)
def test_published_numbers_carry_the_right_check_digit(published: str) -> None:
    assert domain.codes.is_gtin(published)
    assert domain.codes.check_digit(published[:-1]) == int(published[-1])


@given(gtins, st.integers(0, 13), st.integers(1, 9))
def test_one_misread_digit_is_noticed(gtin: str, place: int, off: int) -> None:
    misread = gtin[:place] + str((int(gtin[place]) + off) % 10) + gtin[place + 1 :]
    assert domain.codes.is_gtin(gtin)
    assert not domain.codes.is_gtin(misread)


@pytest.mark.parametrize(
    "text", ["", "123", "4006381333932", "４００６３８１３３３９３１", "²²²²²²²²", "400638133393x"]
)
def test_what_is_no_number_is_no_gtin(text: str) -> None:
    assert not domain.codes.is_gtin(text)


@pytest.mark.parametrize(
    ("scanned", "value"),
    [
        ("4006381333931", "4006381333931"),
        (" 4 006381 333931\r\n", "4006381333931"),
        ("]E04006381333931", "4006381333931"),
        ("036000291452", "0036000291452"),
        ("04006381333931", "4006381333931"),
        ("80614141123458", "80614141123458"),
        ("96385074", "96385074"),
        ("0000096385074", "96385074"),
        ("https://id.gs1.org/01/09521234543213", "9521234543213"),
        ("HTTPS://ID.GS1.ORG/01/09521234543213/10/ABC123/21/12345", "9521234543213"),
        ("https://example.com/products/01/09521234543213?17=261231", "9521234543213"),
        ("https://example.com/gtin/9521234543213/#top", "9521234543213"),
        ("(01)09521234543213(21)12345", "9521234543213"),
        ("(10)ABC123(01)09521234543213", "9521234543213"),
        ("0109521234543213211234\x1d10ABC", "9521234543213"),
        ("]C1\x1d010952123454321321123", "9521234543213"),
        ("]C1 0109521234543213", "9521234543213"),
        ("]d210ABC123\x1d0109521234543213", "9521234543213"),
        # from GS1's Tag Data Standard, and from the tests of sergiss/epc-tds and epcpy
        ("3074257BF7194E4000001A85", "80614141123458"),
        ("0x3074257bf7194e4000001a85", "80614141123458"),
        ("urn:epc:raw:96.x3074257BF7194E4000001A85", "80614141123458"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.6789", "80614141123458"),
        ("urn:epc:id:sgtin:0614141.812345.6789", "80614141123458"),
        ("urn:epc:idpat:sgtin:0614141.812345.*", "80614141123458"),
        ("3034007D00011C400000000B", "0008000011378"),
        ("301800004000004000000001", "10000014"),
        ("urn:epc:id:sgtin:00000950.01093.Serial", "95010939"),
    ],
)
def test_a_scan_is_looked_up_by_the_number_the_catalogue_keeps(scanned: str, value: str) -> None:
    assert domain.codes.candidates(scanned)[0] == value


@pytest.mark.parametrize(
    "text",
    [
        "MH01-XS-Black",
        "4006381333932",  # the check digit is wrong
        "https://shop.example/p/MH01?01=09521234543213",
        "https://shop.example/01/09521234543214",
        "http://[broken/01/",
        "(01)0952123454321",
        "307C257BF7194E4000001A85",  # partition 7 does not exist
        "3066FFFFFFFFFFFFFFFFFFFF",  # a company prefix of 11 digits that needs 12
        "urn:epc:id:sgtin:0614141.81234.6789",  # a digit is missing
        "317A7202CC164BA20B000000",  # a parcel, not an article
        "团购码 88",
    ],
)
def test_what_is_no_article_number_is_looked_up_as_it_stands(text: str) -> None:
    assert domain.codes.candidates(text) == (text,)


@pytest.mark.parametrize("text", ["", "  \n", "\x1d", "]E0", "7" * 513])
def test_nothing_and_far_too_much_are_looked_up_nowhere(text: str) -> None:
    assert domain.codes.candidates(text) == ()


def test_a_catalogue_may_have_kept_any_length_of_the_number() -> None:
    assert domain.codes.candidates("0036000291452") == ("0036000291452", "036000291452", "00036000291452")


PARTITIONS = [(12, 40), (11, 37), (10, 34), (9, 30), (8, 27), (7, 24), (6, 20)]


@given(gtins, st.sampled_from(range(7)), st.integers(0, 7), st.integers(0, 2**38 - 1))
def test_a_tag_is_found_like_the_label_it_replaces(gtin: str, partition: int, tag_filter: int, serial: int) -> None:
    company_digits, company_bits = PARTITIONS[partition]
    company, item = gtin[1 : 1 + company_digits], gtin[0] + gtin[1 + company_digits : 13]
    bits = f"{0x30:08b}{tag_filter:03b}{partition:03b}{int(company):0{company_bits}b}"
    bits += f"{int(item):0{44 - company_bits}b}{serial:038b}"
    label = domain.codes.candidates(gtin)
    for scanned in (f"{int(bits, 2):024X}", f"urn:epc:id:sgtin:{company}.{item}.{serial}", f"(01){gtin}(21){serial}"):
        assert domain.codes.candidates(scanned) == (*label, scanned)


@given(st.text() | st.text("0123456789abcdefx()]./:\x1d", max_size=40).map(lambda tail: "urn:epc:id:sgtin:" + tail))
def test_no_scan_is_ever_an_error(text: str) -> None:
    found = domain.codes.candidates(text)
    assert len(found) <= 5
    assert len(set(found)) == len(found)
    assert all(value == value.strip() != "" for value in found)
