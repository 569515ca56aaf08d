"""Refusals of what members did and wish for, in GraphQL's words."""

from domain.refusals import behaviour
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    behaviour.ProfilingNotGranted,
    en="The member has not granted PROFILING. Ask them, or keep nothing.",
    zh="会员未授权用户画像（PROFILING），不能记录其行为。",
)
class ProfilingNotGranted(UserError):
    pass


@refusal(
    behaviour.UnknownProduct,
    en="There is no product {product}.",
    zh="没有商品 {product}。",
)
class UnknownProduct(UserError):
    product: str = plain("The id as sent.")


@refusal(
    behaviour.WishlistFull,
    en="A wish list holds {limit} wishes. Take one off first.",
    zh="收藏夹最多 {limit} 件，请先移除一件。",
)
class WishlistFull(UserError):
    limit: int = plain("Wishes that it can hold.")
