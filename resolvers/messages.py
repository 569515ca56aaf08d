"""Messages: refusals in words, in Chinese and in English, each saying what to do."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

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
        "en": "This quantity cannot be below zero; it was {quantity}.",
        "zh": "此处数量不能小于零，收到 {quantity}。",
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
    "OUT_OF_STOCK": {
        "en": "There are not {requested} of {sku} left at {location}. Ask for fewer, or choose another location.",
        "zh": "{sku} 在 {location} 的库存不足 {requested} 件，请减少数量或选择其他门店。",
    },
    "QUANTITY_NOT_POSITIVE": {
        "en": "A quantity must be above zero, within reason; it was {quantity}.",
        "zh": "数量必须大于零且合理，收到 {quantity}。",
    },
    "QUANTITY_CHANGED": {
        "en": "The book does not hold {expected} but {actual}. Read the level again, then decide anew.",
        "zh": "账面数量不是 {expected}，而是 {actual}，请重新读取后再操作。",
    },
    "NEVER_COUNTED": {
        "en": "Nothing was ever reported of {sku} at {location}. Count it first.",
        "zh": "{location} 从未上报过 {sku} 的库存，请先盘点。",
    },
    "LOCATION_CANNOT": {
        "en": "The location {location} cannot do this: it lacks {capability}. Choose another one.",
        "zh": "{location} 不支持此操作（缺少 {capability}），请选择其他门店。",
    },
    "UNKNOWN_RESERVATION": {
        "en": "There is no reservation {reservation} that you may see.",
        "zh": "没有您可以查看的预占 {reservation}。",
    },
    "RESERVATION_EXPIRED": {
        "en": "The time of reservation {reservation} was over at {expired_at}. Reserve again.",
        "zh": "预占 {reservation} 已于 {expired_at} 过期，请重新预占。",
    },
    "EXTENSION_TOO_LONG": {
        "en": "Choose a time from now on that is not after {latest}; units are kept no longer.",
        "zh": "请选择从现在起不晚于 {latest} 的时间，最晚只能保留到那时。",
    },
    "TRANSITION_REFUSED": {
        "en": "From {from_state} it cannot become {to_state}; it can go to: {allowed}.",
        "zh": "状态为 {from_state} 时不能变为 {to_state}，可变为：{allowed}。",
    },
    "NOT_YOUR_LOCATION": {
        "en": "You act for another location than {location}. Ask somebody who works there.",
        "zh": "您不属于 {location}，请联系该门店的同事操作。",
    },
    "UNKNOWN_STOCK_COUNT": {
        "en": "There is no stock count {stock_count} that you may see.",
        "zh": "没有您可以查看的盘点单 {stock_count}。",
    },
    "UNKNOWN_TRANSFER": {
        "en": "There is no transfer {transfer} that you may see.",
        "zh": "没有您可以查看的调拨单 {transfer}。",
    },
    "SKU_NOT_LISTED": {
        "en": "{sku} is not on this list. Leave it out, or open another one for it.",
        "zh": "{sku} 不在此单据范围内，请去掉该商品或另开单据。",
    },
    "QUANTITY_TOO_HIGH": {
        "en": "{quantity} of {sku} are too many: there can be {most} at most.",
        "zh": "{sku} 的数量 {quantity} 超过了上限 {most}。",
    },
    "SAME_LOCATION": {
        "en": "Units cannot be transferred from {location} to itself. Choose another location.",
        "zh": "不能从 {location} 调拨到自身，请选择其他门店。",
    },
    "KIND_NOT_OFFERED": {
        "en": "A reservation of kind {kind} is made and ended by the house itself. Use its own commands.",
        "zh": "{kind} 类型的预占由系统自行建立和结束，请使用相应的操作。",
    },
    "TYPE_NOT_ALLOWED": {
        "en": "A movement of type {type} cannot be told like this; these can: {allowed}.",
        "zh": "{type} 类型的变动不能这样上报，可用类型：{allowed}。",
    },
    "BUCKET_NOT_ALLOWED": {
        "en": "Pieces are not moved by hand to or from {bucket}; choose two of: {allowed}.",
        "zh": "不能手动移入或移出 {bucket}，请在以下状态中选择不同的两个：{allowed}。",
    },
    "UNKNOWN_INBOUND": {
        "en": "Nothing of this sku is expected there as {reference}. Correct it, or send the receipt without it.",
        "zh": "该地点没有编号为 {reference} 的在途到货，请更正或不填此项。",
    },
    "TEXT_TOO_LONG": {
        "en": "At most {limit} characters are kept here; there were {given}. Send a shorter text.",
        "zh": "此项最多 {limit} 个字符，收到 {given} 个，请缩短。",
    },
}


async def texts(ctx: Context, refusals: Sequence[Refusal]) -> Sequence[str]:
    """Say each refusal in the viewer's language, English where it is neither."""
    return [_text(refusal, ctx.language) for refusal in refusals]


def _text(refusal: Refusal, language: str) -> str:
    known = TEXTS[domain.refusals.code(refusal)]
    facts = {name: _said(fact) for name, fact in asdict(refusal).items()}
    return known.get(language, known["en"]).format(**facts)


def _said(fact: Any) -> Any:
    """A fact in a sentence: lists with commas, and a dash for what is not known."""
    return ", ".join(map(str, fact)) or "—" if isinstance(fact, tuple) else "—" if fact is None else fact
