"""The wording: what a product's page says about it, in Chinese with the English words people also search for."""

from datasources.demo.categories import ROOT_OF
from datasources.demo.chance import chance
from datasources.demo.kinds import Kind

Phrase = tuple[str, str]

_MERITS: dict[str, tuple[Phrase, ...]] = {
    "outerwear": (
        ("防风防泼水", "windproof and water-repellent"),
        ("可收纳成小包", "packs into its own pocket"),
        ("可调节下摆锁住暖意", "adjustable hem keeps the warmth in"),
        ("内置防丢口袋", "zipped inner pocket"),
        ("立体剪裁不臃肿", "shaped cut without bulk"),
    ),
    "tops": (
        ("亲肤柔软", "soft against the skin"),
        ("多次洗涤不易变形", "keeps its shape after many washes"),
        ("领口加固不松垮", "reinforced collar"),
        ("透气不闷热", "breathable"),
        ("袖长利落好叠穿", "easy to layer"),
    ),
    "bottoms": (
        ("久坐不鼓包", "no baggy knees"),
        ("腰头弹力舒适", "comfortable stretch waistband"),
        ("隐形拉链口袋", "hidden zip pocket"),
        ("垂顺显腿长", "drapes well and lengthens the leg"),
        ("耐磨不易褪色", "hard-wearing and colour-fast"),
    ),
    "footwear": (
        ("橡胶大底防滑耐磨", "grippy, hard-wearing rubber outsole"),
        ("缓震回弹", "cushioned and springy"),
        ("宽楦不挤脚", "roomy toe box"),
        ("鞋垫可拆洗", "removable, washable insole"),
        ("一体织鞋舌不磨脚", "seamless tongue, no rubbing"),
    ),
    "accessories": (
        ("轻巧耐用", "light and durable"),
        ("细节走线工整", "neatly stitched"),
        ("送礼自用皆宜", "a good present"),
        ("四季可用", "for all seasons"),
        ("易清洁好打理", "easy to care for"),
    ),
}

_OCCASIONS: tuple[Phrase, ...] = (
    ("日常通勤", "commuting"),
    ("周末出游", "weekend trips"),
    ("户外徒步", "hiking"),
    ("校园生活", "campus life"),
    ("居家休闲", "lazy days at home"),
    ("商务差旅", "business travel"),
)

_AUDIENCES: tuple[Phrase, ...] = (("男女同款", "unisex"), ("男款", "men"), ("女款", "women"))


def describe(kind: Kind, code: str, *, english: str) -> str:
    """Describe one style in two short paragraphs."""
    dice = chance("wording", code)
    (merit, merit_en), (other, other_en) = dice.sample(_MERITS[ROOT_OF[kind.category]], 2)
    occasion, occasion_en = dice.choice(_OCCASIONS)
    audience, audience_en = _AUDIENCES[2] if kind.shape == "skirt" else dice.choice(_AUDIENCES)
    return (
        f"{kind.fabric}；{merit}，{other}。{audience}，适合{occasion}。\n"
        f"{english} {kind.noun_en} ({audience_en}): {kind.fabric_en}; {merit_en}, {other_en}. "
        f"Made for {occasion_en}. 款号 style code {code}."
    )
