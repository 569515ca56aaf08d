"""Refusals of skus, levels and movements, counts and transfers, in GraphQL's words."""

import resolvers.locations
from domain.refusals import stock
from schema.base import batch, plain
from schema.locations import Location
from schema.refusals.base import UserError, refusal


@refusal(
    stock.UnknownSku,
    en="No variant has the sku {sku}. Import the catalogue first, or correct the sku.",
    zh="没有 SKU 为 {sku} 的商品，请先导入商品或更正 SKU。",
)
class UnknownSku(UserError):
    sku: str = plain("The sku as sent.")


@refusal(
    stock.NeverCounted,
    en="Nothing was ever reported of {sku} at {location}. Count it first.",
    zh="{location} 从未上报过 {sku} 的库存，请先盘点。",
)
class NeverCounted(UserError):
    sku: str = plain("The sku as sent.")
    location: Location | None = batch(resolvers.locations.of_refusals, description="Where.")


@refusal(
    stock.OutOfStock,
    en="There are not {requested} of {sku} left at {location}. Ask for fewer, or choose another location.",
    zh="{sku} 在 {location} 的库存不足 {requested} 件，请减少数量或选择其他门店。",
)
class OutOfStock(UserError):
    sku: str = plain("The variant's sku.")
    location: Location | None = batch(resolvers.locations.of_refusals, description="Where they are short.")
    requested: int = plain("Units asked for.")
    available: int | None = plain("Units left; null where it is not yours to know: staff see it, others if it is low.")


@refusal(
    stock.QuantityChanged,
    en="The book does not hold {expected} but {actual}. Read the level again, then decide anew.",
    zh="账面数量不是 {expected}，而是 {actual}，请重新读取后再操作。",
)
class QuantityChanged(UserError):
    expected: int = plain("What you expected.")
    actual: int | None = plain("What is in the book; null if nothing was ever reported.")


@refusal(
    stock.TypeNotAllowed,
    en="A movement of type {type} cannot be told like this; these can: {allowed}.",
    zh="{type} 类型的变动不能这样上报，可用类型：{allowed}。",
)
class TypeNotAllowed(UserError):
    type: str = plain("The type as sent.")
    allowed: list[str] = plain("The types that are.")


@refusal(
    stock.BucketNotAllowed,
    en="Pieces are not moved by hand to or from {bucket}; choose two of: {allowed}.",
    zh="不能手动移入或移出 {bucket}，请在以下状态中选择不同的两个：{allowed}。",
)
class BucketNotAllowed(UserError):
    bucket: str = plain("The bucket as sent.")
    allowed: list[str] = plain("Those between which they are.")


@refusal(
    stock.UnknownInbound,
    en="Nothing of this sku is expected there as {reference}. Correct it, or send the receipt without it.",
    zh="该地点没有编号为 {reference} 的在途到货，请更正或不填此项。",
)
class UnknownInbound(UserError):
    reference: str = plain("The reference as sent.")


@refusal(
    stock.UnknownStockCount,
    en="There is no stock count {stock_count} that you may see.",
    zh="没有您可以查看的盘点单 {stock_count}。",
)
class UnknownStockCount(UserError):
    stock_count: str = plain("The id as sent.")


@refusal(
    stock.UnknownTransfer,
    en="There is no transfer {transfer} that you may see.",
    zh="没有您可以查看的调拨单 {transfer}。",
)
class UnknownTransfer(UserError):
    transfer: str = plain("The id as sent.")


@refusal(
    stock.SkuNotListed,
    en="{sku} is not on this list. Leave it out, or open another one for it.",
    zh="{sku} 不在此单据范围内，请去掉该商品或另开单据。",
)
class SkuNotListed(UserError):
    sku: str = plain("The sku as sent.")
