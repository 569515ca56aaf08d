"""Kinds of goods: what a down jacket, a hoodie or a backpack is made of, costs and weighs, before it has a name.

Knows nothing of single products; `clothes` and `extras` hold the table.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of goods and the models made of it. `code` begins the style code, `category` is a shelf's id.

    `models` reads "轻暖 Light; 极地 Polar": the Chinese and the English half of each model's name. `yuan` is the
    cheapest and the dearest list price, `shape` the silhouette of its picture, `sizes` a run of the palette.
    """

    code: str
    category: str
    noun: str
    noun_en: str
    shape: str
    sizes: str
    yuan: tuple[int, int]
    weight_g: int
    brands: tuple[str, ...]
    colours: str
    fabric: str
    fabric_en: str
    models: str

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The models' names, Chinese and English, in the order of their style codes."""
        pairs = (model.split(" ", 1) for model in self.models.split("; "))
        return tuple((chinese, english) for chinese, english in pairs)


OUTDOOR, CASUAL, SPORT, ATELIER, CARRY = "霁川 JICHUAN", "麦序 MAIXU", "弥野 MIYE", "素笺 SUJIAN", "折木 ZHEMU"
"""The house's own brands; all five are invented."""
