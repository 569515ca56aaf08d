"""The pictures: a small drawing of each style in its colours, made on the spot and always the same.

Photographs would have to be somebody's; these are nobody's, and weigh a kilobyte.
"""

from datasources.demo.palette import Colour
from datasources.demo.products import Style, by_code
from datasources.demo.silhouettes import SILHOUETTES, Silhouette

_DARKER, _LINE = 0.78, 0.58
_WALLS = ("#f4f1ea", "#eef1f4", "#f3eeee", "#eff3ee")


def svg(style_code: str) -> str:
    """Draw a style, a complete SVG document of 400 by 400.

    Raises:
        KeyError: the demo sells no such style.
    """
    style = by_code()[style_code]
    return "".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">',
            f"<title>{style.entry.product.title}</title>",
            f'<rect width="400" height="400" fill="{_WALLS[style.number % len(_WALLS)]}"/>',
            '<ellipse cx="200" cy="352" rx="132" ry="11" opacity=".09"/>',
            _garment(SILHOUETTES[style.kind.shape], style.colours[0]),
            *_swatches(style),
            "</svg>",
        )
    )


def _garment(shape: Silhouette, colour: Colour) -> str:
    line = shade(colour.hex, _LINE)
    dark = shade(colour.hex, _DARKER)
    parts = (
        (shape.straps, f'fill="none" stroke="{dark}" stroke-width="11"'),
        (shape.body, f'fill="{colour.hex}" stroke="{line}"'),
        (shape.trim, f'fill="{dark}" stroke="{line}"'),
        (shape.seams, f'fill="none" stroke="{line}" opacity=".7"'),
    )
    drawn = "".join(f'<path d="{path}" {paint}/>' for path, paint in parts if path)
    return f'<g stroke-width="3" stroke-linejoin="round" stroke-linecap="round">{drawn}</g>'


def _swatches(style: Style) -> list[str]:
    left = 200 - 14 * (len(style.colours) - 1)
    return [
        f'<circle cx="{left + 28 * place}" cy="382" r="9" fill="{colour.hex}" stroke="#8a8a8a"/>'
        for place, colour in enumerate(style.colours)
    ]


def shade(hex_colour: str, share: float) -> str:
    """Darken a colour to a share of its light; the darkest ones are lightened instead, or no seam would show."""
    channels = [int(hex_colour[place : place + 2], 16) for place in (1, 3, 5)]
    if max(channels) < 0x50:
        channels = [channel + round((255 - channel) * (1 - share) / 2) for channel in channels]
    else:
        channels = [round(channel * share) for channel in channels]
    return "#" + "".join(f"{channel:02x}" for channel in channels)
