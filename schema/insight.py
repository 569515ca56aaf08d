"""What is said of members, given to them and wished for by them, as mutations."""

import strawberry

import resolvers.tags
import resolvers.tiers
import resolvers.wishlist
from domain.tags import CERTAIN_BP, MAX_DEPTH, Dimension, TagSource
from domain.viewers import Scope
from resolvers.tags import MAX_TAGS, Place, RemoveTags, SetTags, Word
from resolvers.tiers import GrantTier, UseEntitlement
from resolvers.wishlist import AddWish, RemoveWish
from schema.base import plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.members import Member
from schema.refusals.base import UserError

MEMBER = "Their id."


@input(UseEntitlement, description="What a member is given.")
class EntitlementUseInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    entitlement: str = strawberry.field(description="The code of an entitlement of their tier.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(GrantTier, description="A tier, and for how long.")
class TierGrantInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    tier: str = strawberry.field(description="Its code, or that of another system which the ladder knows.")
    until: Instant = strawberry.field(description="They do not fall below it before this.")
    idempotency_key: str = strawberry.field(description=KEY)
    since: Instant | None = strawberry.field(default=None, description="From when on; null: now.")


@input(Word, description="Something said of a member.")
class MemberTagInput:
    dimension: Dimension = strawberry.field(description="What it is about.")
    path: str = strawberry.field(description=f"Such as category/denim/slim; at most {MAX_DEPTH} steps.")
    value: str = strawberry.field(default="", description="What is said, where the path does not say it all.")
    source: TagSource = strawberry.field(
        default=TagSource.MANUAL, description="Who says so; an associate speaks for themself: MANUAL."
    )
    confidence_bp: int = strawberry.field(
        default=CERTAIN_BP, name="confidence", description="How sure that is, in ten-thousandths."
    )
    said_at: Instant | None = strawberry.field(
        default=None, description="When it was said; null: now. An older word than what is known changes nothing."
    )
    expires_at: Instant | None = strawberry.field(default=None, description="Until when it holds; null: no end.")


@input(Place, description="A path on which nothing is to be said any more.")
class MemberTagPathInput:
    dimension: Dimension = strawberry.field(description="What it is about.")
    path: str = strawberry.field(description="The whole path.")


@input(SetTags, description="What is said of whom.")
class MemberTagSetInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    tags: list[MemberTagInput] = strawberry.field(description=f"1 to {MAX_TAGS} of them, all or none.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(RemoveTags, description="What is taken back of whom.")
class MemberTagRemoveInput:
    member: strawberry.ID = strawberry.field(description=MEMBER)
    tags: list[MemberTagPathInput] = strawberry.field(description=f"1 to {MAX_TAGS} of them.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(AddWish, description="What you would have one day.")
class WishlistAddInput:
    sku: str = strawberry.field(description="The variant's sku.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(RemoveWish, description="What you wish for no more.")
class WishlistRemoveInput:
    sku: str = strawberry.field(description="The variant's sku.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class _Answer:
    member: Member | None = plain("As they are now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(resolvers.tiers.Answer, description="What is left of their entitlements.")
class EntitlementUsePayload(_Answer):
    pass


@view(resolvers.tiers.Answer, description="Where they stand.")
class TierGrantPayload(_Answer):
    pass


@view(resolvers.tags.Answer, description="What is said of them.")
class MemberTagSetPayload(_Answer):
    pass


@view(resolvers.tags.Answer, description="What is still said of them.")
class MemberTagRemovePayload(_Answer):
    pass


@view(resolvers.wishlist.Answer, description="Your list.")
class WishlistAddPayload(_Answer):
    pass


@view(resolvers.wishlist.Answer, description="Your list.")
class WishlistRemovePayload(_Answer):
    pass


@strawberry.type
class InsightMutation:
    entitlement_use: EntitlementUsePayload = command(
        resolvers.tiers.use,
        description="Give a member what their tier gives, if some of it is left; it counts once.",
        input=EntitlementUseInput,
        scope=Scope.MEMBERS_WRITE,
    )
    tier_grant: TierGrantPayload = command(
        resolvers.tiers.grant,
        description="Grant a tier for a time: it was bought, given, or comes from another system.",
        input=TierGrantInput,
        scope=Scope.POINTS_WRITE,
    )
    member_tag_set: MemberTagSetPayload = command(
        resolvers.tags.set_tags,
        description="Say something of a member; on each path the newest word counts.",
        input=MemberTagSetInput,
        scope=Scope.MEMBERS_WRITE,
    )
    member_tag_remove: MemberTagRemovePayload = command(
        resolvers.tags.remove,
        description="Take back what is said of a member on these paths; rules do not say it again.",
        input=MemberTagRemoveInput,
        scope=Scope.MEMBERS_WRITE,
    )
    wishlist_add: WishlistAddPayload = command(
        resolvers.wishlist.add,
        description="Put a variant on your wish list; one that is there keeps its place.",
        input=WishlistAddInput,
        scope=Scope.PROFILE,
    )
    wishlist_remove: WishlistRemovePayload = command(
        resolvers.wishlist.remove,
        description="Take a variant off your wish list.",
        input=WishlistRemoveInput,
        scope=Scope.PROFILE,
    )
