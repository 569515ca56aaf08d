"""The palette: the colours and size runs that the demo's goods come in.

Knows no product; a colour's code is the middle part of a sku, its hex value paints the pictures.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as the label names it."""

    code: str
    name: str
    hex: str


COLOURS = {
    colour.code: colour
    for colour in (
        Colour("BLK", "曜石黑", "#25272b"),
        Colour("WHT", "云白", "#f1efe9"),
        Colour("GRY", "雾灰", "#9aa0a6"),
        Colour("NVY", "藏青", "#22304f"),
        Colour("SKY", "天蓝", "#7fb2dc"),
        Colour("IDG", "靛蓝", "#3a4f7a"),
        Colour("WSH", "浅洗蓝", "#9db4cf"),
        Colour("OLV", "军绿", "#5d6746"),
        Colour("PIN", "松绿", "#2f5d50"),
        Colour("KHK", "卡其", "#b59f78"),
        Colour("CML", "驼色", "#b98a56"),
        Colour("BRN", "深棕", "#5b4033"),
        Colour("RED", "枫红", "#b23a35"),
        Colour("WNE", "酒红", "#6d2436"),
        Colour("PNK", "樱粉", "#e7b6bf"),
        Colour("YLW", "姜黄", "#d69c2f"),
    )
}

SIZE_RUNS: dict[str, tuple[str, ...]] = {
    "letters": ("S", "M", "L", "XL"),
    "waist": ("28", "30", "32", "34"),
    "shoes": ("36", "38", "40", "42", "44"),
    "belt": ("105cm", "115cm", "125cm"),
    "hands": ("M", "L"),
    "one": (),
}
"""Sizes in the order of the shelf; an empty run means that one size fits all and no size is asked for."""
