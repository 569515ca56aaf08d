"""Labels: the codes printed on the demo's goods: bars on all, a square on some, a radio tag on a few.

Numbers begin with 25: the range GS1 leaves to shops for their own use, so none of them is another maker's.
"""

import domain.codes
from domain.catalog import Barcode, BarcodeType

SHOP = "https://shop.example"
_SGTIN_96, _POINT_OF_SALE = 0x30, 1
_PREFIX_DIGITS, _PARTITION = 7, 5
_TAG_BITS = ((8, "header"), (3, "filter"), (3, "partition"), (24, "prefix"), (20, "item"), (38, "serial"))


def labels(*, number: int, position: int, slug: str) -> tuple[Barcode, ...]:
    """Label the variant at `position` of the product that was numbered `number`."""
    bars = ean(number, position)
    codes = [Barcode(BarcodeType.EAN, bars)]
    if number % 3 == 0 and position == 0:
        codes.append(Barcode(BarcodeType.QR, f"{SHOP}/p/{slug}"))
    if number % 10 == 1:
        codes.append(Barcode(BarcodeType.EPC, sgtin_96(bars, serial=1000 * number + position)))
    return tuple(codes)


def ean(number: int, position: int) -> str:
    """Number a variant as EAN-13: 25, five digits of product, five of variant, the check digit."""
    body = f"25{number:05d}{position:05d}"
    return f"{body}{domain.codes.check_digit(body)}"


def sgtin_96(ean_13: str, *, serial: int) -> str:
    """Encode one piece of an EAN-13 as its radio tag says it, 24 hex digits (GS1 Tag Data Standard, SGTIN-96)."""
    fields = {
        "header": _SGTIN_96,
        "filter": _POINT_OF_SALE,
        "partition": _PARTITION,
        "prefix": int(ean_13[:_PREFIX_DIGITS]),
        "item": int(ean_13[_PREFIX_DIGITS:-1]),  # led by the indicator digit 0, trailed by no check digit
        "serial": serial,
    }
    tag = 0
    for bits, name in _TAG_BITS:
        tag = tag << bits | fields[name]
    return f"{tag:024X}"
