"""Messages: refusals in words, in Chinese and in English, each saying what to do."""

from collections.abc import Sequence
from dataclasses import asdict

import domain.refusals
from domain.refusals import Refusal
from resolvers.context import Context

TEXTS: dict[str, dict[str, str]] = {
    "UNKNOWN_SKU": {
        "en": "No variant has the sku {sku}. Import the catalogue first, or correct the sku.",
        "zh": "没有 SKU 为 {sku} 的商品，请先导入商品或更正 SKU。",
    },
    "UNKNOWN_LOCATION": {
        "en": "No location has the id or code {location}. Import it first, or correct it.",
        "zh": "没有编号为 {location} 的门店或仓库，请先导入或更正。",
    },
    "NEGATIVE_QUANTITY": {
        "en": "A counted quantity cannot be below zero; it was {quantity}.",
        "zh": "盘点数量不能小于零，收到 {quantity}。",
    },
    "WRONG_DIRECTION": {
        "en": "A movement of type {type} cannot have a delta of {delta}.",
        "zh": "{type} 类型的变动数量不能是 {delta}。",
    },
    "OBSERVED_IN_FUTURE": {
        "en": "{observed_at} lies in the future (it is {now}). Check the clock of the source.",
        "zh": "{observed_at} 晚于当前时间 {now}，请检查来源系统的时钟。",
    },
    "TOO_MANY_ITEMS": {
        "en": "One call takes at most {limit} items; there were {given}. Send them in several calls.",
        "zh": "一次最多 {limit} 条，收到 {given} 条，请分批发送。",
    },
    "EMPTY_FIELD": {
        "en": "This field must not be empty.",
        "zh": "此项不能为空。",
    },
    "IDEMPOTENCY_CONFLICT": {
        "en": "The idempotency key {key} was used for another request. Use a new key for a new request.",
        "zh": "幂等键 {key} 已用于另一个请求，新请求请使用新的键。",
    },
}


async def texts(ctx: Context, refusals: Sequence[Refusal]) -> Sequence[str]:
    """Say each refusal in the viewer's language, English where it is neither."""
    return [_text(refusal, ctx.language) for refusal in refusals]


def _text(refusal: Refusal, language: str) -> str:
    known = TEXTS[domain.refusals.code(refusal)]
    return known.get(language, known["en"]).format(**asdict(refusal))
