"""The shelves: five roots and the kinds of goods on each, two levels deep.

Knows no product: which shelf a product stands on is said by its kind.
"""

from collections.abc import Iterator

from domain.catalog import Category

SHELVES: dict[tuple[str, str], dict[str, str]] = {
    ("outerwear", "外套"): {
        "down-jackets": "羽绒服",
        "shell-jackets": "冲锋衣",
        "jackets": "夹克",
        "coats": "大衣",
        "fleece": "抓绒衣",
    },
    ("tops", "上装"): {
        "sweatshirts": "卫衣",
        "t-shirts": "T恤",
        "shirts": "衬衫",
        "knitwear": "毛衣",
        "base-layers": "速干衣",
    },
    ("bottoms", "下装"): {
        "jeans": "牛仔裤",
        "casual-trousers": "休闲裤",
        "track-pants": "运动裤",
        "shorts": "短裤",
        "skirts": "半身裙",
    },
    ("footwear", "鞋履"): {
        "running-shoes": "运动鞋",
        "hiking-shoes": "徒步鞋",
        "canvas-shoes": "帆布鞋",
        "boots": "靴子",
        "sandals": "凉鞋",
    },
    ("accessories", "配饰"): {
        "backpacks": "双肩包",
        "crossbody-bags": "斜挎包",
        "hats": "帽子",
        "scarves": "围巾",
        "gloves": "手套",
        "socks": "袜子",
        "belts": "腰带",
        "bottles": "保温杯",
    },
}

ROOT_OF = {child: root for (root, _), children in SHELVES.items() for child in children}
"""The root that each second-level shelf hangs under."""


def categories() -> Iterator[Category]:
    """Yield the tree, every parent before its children; an id is the slug itself."""
    for place, ((root, name), children) in enumerate(SHELVES.items()):
        yield Category(root, root, name, parent_id=None, position=place)
        for below, (child, child_name) in enumerate(children.items()):
            yield Category(child, child, child_name, parent_id=root, position=below)
