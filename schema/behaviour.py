"""What members did, in GraphQL's words. When it may be kept and shown stands in `resolvers/behaviour.py`."""

from datetime import datetime

import strawberry

import domain.behaviour
import resolvers.behaviour
from domain.behaviour import KEPT, BehaviourKind
from domain.viewers import Scope
from resolvers.behaviour import MAX_EVENTS, MAX_SHOWN, MAX_SIZES, Event, Track
from schema.base import batch, enum, plain, view
from schema.catalog import Product
from schema.commands import USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.refusals.base import UserError
from schema.statuses import Status

enum(
    BehaviourKind,
    "What a member did.",
    BROWSE="Looked at a product.",
    SEARCH="Searched for something.",
    TRY_ON="Tried something on, and did not buy it there and then.",
)
FIRST = f"How many at most, 1 to {MAX_SHOWN}; otherwise error PAGE_SIZE."
CONSENT = "Null with CONSENT_REQUIRED where they have not granted PROFILING."


@view(domain.behaviour.Behaviour, description="Something that a member did.")
class Behaviour:
    kind: BehaviourKind = plain("What they did.")
    occurred_at: datetime = plain("When, in UTC.")
    product: Product | None = batch(
        resolvers.behaviour.product_of, description="With what; null for a search, and where it is not on sale here."
    )
    sku: str | None = plain("The variant's sku; null where none was named.")
    sizes: list[str] = plain("The sizes that were tried on.")
    text: str = plain("What they searched for; empty otherwise.")


@strawberry.type
class ObservedMember:
    """The part of a member that behaviour contributes."""

    recently_viewed: list[Product] | None = batch(
        resolvers.behaviour.recently_viewed,
        description=f"The products they looked at last, each once, where they are on sale here. {CONSENT}",
        first=FIRST,
    )
    behaviour: list[Behaviour] | None = batch(
        resolvers.behaviour.behaviour_of,
        description=f"What they did in the last {KEPT.days} days, the newest first. {CONSENT}",
        first=FIRST,
    )


@input(Event, description="Something that a member did.")
class BehaviourEventInput:
    event_id: str = strawberry.field(description="Unique at your side: told twice, it counts once.")
    kind: BehaviourKind = strawberry.field(description="What they did.")
    occurred_at: Instant | None = strawberry.field(default=None, description="When; null: now.")
    member: strawberry.ID | None = strawberry.field(default=None, description="Who; null: you, if you are a member.")
    product: strawberry.ID | None = strawberry.field(
        default=None, description="Of a BROWSE: id or code of the product, unless a sku is named."
    )
    sku: str | None = strawberry.field(default=None, description="The variant; a TRY_ON needs it.")
    sizes: list[str] = strawberry.field(
        default_factory=list, description=f"Of a TRY_ON: which sizes, at most {MAX_SIZES}."
    )
    text: str = strawberry.field(default="", description="Of a SEARCH: the words; at most 200 characters.")


@input(Track, description="What members did.")
class BehaviourTrackInput:
    events: list[BehaviourEventInput] = strawberry.field(description=f"1 to {MAX_EVENTS} of them.")


@view(resolvers.behaviour.Tracked, description="What became of one event.")
class BehaviourResult:
    index: int = plain("Its place in the input, from 0.")
    status: Status = plain("CREATED, UNCHANGED where it was told before, or FAILED.")
    errors: list[UserError] = plain("Why it FAILED; empty otherwise.", attribute="refusals")


@view(resolvers.behaviour.Answer, description="What became of the events, one by one.")
class BehaviourTrackPayload:
    results: list[BehaviourResult] = plain("One per event, in the order of the input; empty if all were refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class BehaviourMutation:
    behaviour_track: BehaviourTrackPayload = command(
        resolvers.behaviour.track,
        description="Keep what members did: members their own, a store what its clients try on. Nothing is kept of "
        "whom has not granted PROFILING; such events fail alone.",
        input=BehaviourTrackInput,
        scope=Scope.BEHAVIOUR_WRITE,
    )
