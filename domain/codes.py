"""Codes: what a scanner reads off a label, turned into the barcode values to look up.

Never refuses: what it cannot read is handed back as it stands, for our own QR payloads are plain text.
"""

import re

LONGEST_CHARS = 512
"""Longer than any label is; what exceeds it has no candidates."""


def candidates(text: str) -> tuple[str, ...]:
    """List the barcode values a scan may stand for, at most five: the GTIN as catalogues write it, then the text.

    Understood are EAN, UPC-A and GTIN-14 digits, GS1 Digital Link addresses, GS1 element strings (bracketed, or raw
    with FNC1) and RFID tags (SGTIN-96 in hex, SGTIN as a URN). Serial numbers are dropped: we sell kinds, not pieces.
    """
    read = _SYMBOLOGY.sub("", text.strip()).strip()
    if not read or len(read) > LONGEST_CHARS:
        return ()
    gtin = _gtin_of_digits(read) or _gtin_of_gs1(read) or _gtin_of_tag(read)
    return tuple(dict.fromkeys((*_written(gtin), read)))


def is_gtin(text: str) -> bool:
    """Tell whether a text is 8, 12, 13 or 14 digits, of which the last checks the others."""
    digits = text.isascii() and text.isdigit()
    return digits and len(text) in (8, 12, 13, 14) and check_digit(text[:-1]) == int(text[-1])


def check_digit(body: str) -> int:
    """Work out the digit that follows a GTIN's body: weights 3, 1, 3 … from the right, up to the next ten.

    Raises:
        ValueError: the body is not of digits.
    """
    weighted = sum(int(digit) * (3, 1)[position % 2] for position, digit in enumerate(reversed(body)))
    return -weighted % 10


def _written(gtin: str) -> tuple[str, ...]:
    """Every length the number may have been written in; EAN-8 first where it is one, else EAN-13."""
    number = gtin.zfill(14) if gtin else ""
    lengths = (length for length in (8, 13, 12, 14) if number and not number[: 14 - length].strip("0"))
    return tuple(number[14 - length :] for length in lengths)


def _gtin_of_digits(read: str) -> str:
    """Digits alone, also as people type them from under the bars, in groups."""
    digits = re.sub("[ -]", "", read)
    return digits if is_gtin(digits) else ""


def _gtin_of_gs1(read: str) -> str:
    """The value of application identifier 01, in any of its three spellings."""
    for spelling in (_DIGITAL_LINK, _BRACKETED, _FNC1):
        if (found := spelling.search(read)) and is_gtin(found[1]):
            return found[1]
    return ""


def _gtin_of_tag(read: str) -> str:
    """The GTIN inside an SGTIN: its first digit, the indicator, hides in front of the item reference."""
    company, item = _sgtin_of_urn(read) or _sgtin_of_hex(read) or ("", "")
    if len(company) + len(item) != 13:
        return ""
    body = item[0] + company + item[1:]
    return body + str(check_digit(body))


def _sgtin_of_urn(read: str) -> tuple[str, str] | None:
    found = _SGTIN_URN.match(read)
    return (found[1], found[2]) if found else None


def _sgtin_of_hex(read: str) -> tuple[str, str] | None:
    """Unpack 96 bits: header 8, filter 3, partition 3, company prefix and item reference 44, serial 38.

    Source: GS1 EPC Tag Data Standard, SGTIN-96 coding table.
    """
    found = _SGTIN_HEX.fullmatch(read)
    if not found:
        return None
    bits = int(found[1], 16)
    partition = bits >> 82 & 0b111
    if partition >= len(_COMPANY_BITS):
        return None
    item_bits, company_digits = 44 - _COMPANY_BITS[partition], 12 - partition
    both = bits >> 38 & (1 << 44) - 1
    company, item = both >> item_bits, both & (1 << item_bits) - 1
    return f"{company:0{company_digits}}", f"{item:0{13 - company_digits}}"


_COMPANY_BITS = (40, 37, 34, 30, 27, 24, 20)
"""By partition 0 to 6, for company prefixes of 12 to 6 digits."""

_SYMBOLOGY = re.compile(r"^(?:\][A-Za-z][0-9A-Za-z])?\x1d*")
"""What a scanner may put in front: the AIM symbology identifier, and FNC1."""
_DIGITAL_LINK = re.compile(r"^https?://[^?#]*?/(?:01|gtin)/([0-9]{8,14})(?=[/?#]|$)", re.IGNORECASE)
_BRACKETED = re.compile(r"\(01\)([0-9]{14})(?![0-9])")
_FNC1 = re.compile(r"(?:^|\x1d)01([0-9]{14})")
_SGTIN_URN = re.compile(
    r"urn:epc:(?:id|idpat|tag):sgtin(?:-96|-198)?:(?:[0-7]\.)?([0-9]{6,12})\.([0-9]{1,7})\.", re.IGNORECASE
)
_SGTIN_HEX = re.compile(r"(?:urn:epc:raw:96\.x|0x)?(30[0-9a-f]{22})", re.IGNORECASE)
