"""Phones: their one normal form, E.164 with its plus (`+8613800138000`), whatever country and way of writing (MEM-6).

A rule of our own would keep trunk prefixes that are not dialled from abroad (`+44 07911…`) and lose those that are
(`+39 06…`): two records of one person, or one of two. The numbering plans of all countries are libphonenumber's.
"""

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

HOME = "CN"
"""Whose number it is if no country is said."""
_WRITTEN = re.compile(r"(?:tel:)?\s*\+?[0-9][0-9\s.·/‐-―-]*", re.IGNORECASE)
_WITHOUT_BRACKETS = str.maketrans("", "", "()")


def normal(text: str) -> str | None:
    """The normal form of a number as people write it; None if nobody can have it.

    Extensions and letters are refused: behind a switchboard there is more than one person.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_WITHOUT_BRACKETS).strip()
    if not _WRITTEN.fullmatch(plain):
        return None
    once = _read(plain)
    return once if once is not None and _read(once) == once else None


def _read(plain: str) -> str | None:
    try:
        number = phonenumbers.parse(plain, HOME)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
