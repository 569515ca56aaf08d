"""Consents, in GraphQL's words. What they permit stands in `domain/consents.py`."""

from datetime import datetime

import strawberry

import domain.consents
import resolvers.consents
from domain.consents import ConsentState, Purpose
from domain.viewers import Scope
from resolvers.consents import Answer, Evidence, Grant, Withdraw
from schema.base import batch, enum, plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.references import MemberReference
from schema.refusals.base import UserError

enum(
    Purpose,
    "What somebody's data is used for.",
    name="ConsentPurpose",
    MEMBERSHIP="To be a member: points, tiers, coupons.",
    PROFILING="To learn from what they look at and buy.",
    MARKETING="To be told of offers.",
    LOCATION="To know where they are.",
    SHARE_WITH_ASSOCIATE="To be seen by name by the associates who look after them.",
)
enum(
    ConsentState,
    "What was said of it, last; only GRANTED permits.",
    UNKNOWN="Nobody knows: they were never asked, or two records of them differ.",
    GRANTED="Yes.",
    DENIED="No, and never yes.",
    WITHDRAWN="No, after a yes.",
)
CHANNEL = "The channel it holds for, such as SMS; empty: every channel for which nothing else was said."
WHO = "Whose; null: yours."


@view(domain.consents.Consent, description="What a member said of one purpose on one channel, and the evidence.")
class Consent:
    purpose: Purpose = plain("What for.")
    channel: str = plain(CHANNEL)
    state: ConsentState = plain("What they said.")
    version: str = plain("The version of the text they said it to; empty where a merge said it.")
    at: datetime = plain("When, in UTC.")
    place: str = plain("Where: a store, or an app.")
    text_hash: str = plain("The hash of the text they said it to.")


@strawberry.type
class ConsentedMember:
    """The part of a member that consents contribute."""

    consents: list[Consent] = batch(
        resolvers.consents.consents_of,
        description="What they said last, of each purpose and channel they were asked about.",
    )
    consent_history: list[Consent] = batch(
        resolvers.consents.history_of,
        description=f"What they ever said, the last first, at most {resolvers.consents.HISTORY}.",
    )


@input(Evidence, description="Where something was said, and to which text.")
class ConsentEvidenceInput:
    version: str = strawberry.field(description="The version of the text, at most 200 characters.")
    place: str = strawberry.field(description="Where: a store's code, or an app's name; at most 200 characters.")
    text_hash: str = strawberry.field(description="The hash of the text that was shown, at most 200 characters.")


@strawberry.input
class _Word:
    purpose: Purpose = strawberry.field(description="What for.")
    evidence: ConsentEvidenceInput = strawberry.field(description="Where it was said, and to which text.")
    idempotency_key: str = strawberry.field(description=KEY)
    member: strawberry.ID | None = strawberry.field(default=None, description=WHO)
    channel: str = strawberry.field(default="", description=CHANNEL)


@input(Grant, description="A member's yes.")
class ConsentGrantInput(_Word):
    pass


@input(Withdraw, description="A member's no.")
class ConsentWithdrawInput(_Word):
    pass


@strawberry.type
class _Answer:
    member: MemberReference | None = plain("The member as they are now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(Answer, description="What is allowed now.")
class ConsentGrantPayload(_Answer):
    pass


@view(Answer, description="What is allowed no more.")
class ConsentWithdrawPayload(_Answer):
    pass


@strawberry.type
class ConsentMutation:
    consent_grant: ConsentGrantPayload = command(
        resolvers.consents.grant,
        description="Write down that a member allows something: your own word, or what staff were told.",
        input=ConsentGrantInput,
        scope=(Scope.PROFILE, Scope.MEMBERS_WRITE),
    )
    consent_withdraw: ConsentWithdrawPayload = command(
        resolvers.consents.withdraw,
        description="Write down that a member does not allow something, or no more; it holds from now on.",
        input=ConsentWithdrawInput,
        scope=(Scope.PROFILE, Scope.MEMBERS_WRITE),
    )
