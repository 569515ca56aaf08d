"""The demo's pictures: one small drawing for every style, well-formed and never fetched from anywhere."""

from xml.etree import ElementTree as ET

import pytest

from datasources.demo import pictures
from datasources.demo.products import styles

SVG = "{http://www.w3.org/2000/svg}"


def test_every_style_has_a_small_picture_that_names_it() -> None:
    for style in styles():
        drawing = pictures.svg(style.code)
        root = ET.fromstring(drawing)  # noqa: S314  our own drawing, not a stranger's
        assert root.tag == f"{SVG}svg"
        assert root.findtext(f"{SVG}title") == style.entry.product.title
        assert len(drawing) < 3_000


def test_a_picture_shows_the_colours_one_can_choose_from() -> None:
    for style in styles():
        drawing = pictures.svg(style.code)
        assert drawing.count("<circle") == len(style.colours)
        assert all(colour.hex in drawing for colour in style.colours)


def test_a_picture_asks_nothing_of_the_network() -> None:
    assert all("href" not in pictures.svg(style.code) and "url(" not in pictures.svg(style.code) for style in styles())


def test_the_media_address_ends_in_the_style_code() -> None:
    assert all(style.entry.product.media[0].url == f"/media/demo/{style.code}.svg" for style in styles())


def test_a_style_that_is_not_sold_has_no_picture() -> None:
    with pytest.raises(KeyError):
        pictures.svg("ZZ99")


@pytest.mark.parametrize(("colour", "darker"), [("#ffffff", "#808080"), ("#000000", "#404040")])
def test_seams_are_darker_than_the_cloth_unless_it_is_black(colour: str, darker: str) -> None:
    assert pictures.shade(colour, 0.5) == darker
