"""What is done to members, in GraphQL's words: registered, told otherwise, linked to names, forgotten."""

from datetime import date, time

import strawberry

import resolvers.blocking
import resolvers.erasure
import resolvers.identifiers
import resolvers.registration
from domain.members import Gender, IdentifierType
from domain.viewers import Scope
from resolvers.identifiers import Link, Name, Unlink
from resolvers.registration import MAX_IDENTIFIERS, ContactWish, ProfileWish, Register, Update
from schema.base import plain, view
from schema.commands import KEY, USER_ERRORS, command
from schema.consents import WHO, ConsentEvidenceInput
from schema.inputs import input
from schema.members import Member
from schema.refusals.base import UserError

VALUE = "The name as it was typed or scanned; it is kept in its one normal form."
REALM = "The app of an OPENID, the system of a POS_ID; otherwise empty."
VERIFIED = "Whether your system saw that it is theirs; only an integrator or administrator can say so."
OWN_OR_STAFF = (Scope.PROFILE, Scope.MEMBERS_WRITE)


@input(Name, description="What somebody is called somewhere.")
class MemberIdentifierInput:
    type: IdentifierType = strawberry.field(description="What kind of name.")
    value: str = strawberry.field(description=VALUE)
    realm: str = strawberry.field(default="", description=REALM)
    is_verified: bool = strawberry.field(default=False, description=VERIFIED)


@input(ProfileWish, description="What a member tells of themself; null leaves it as it is.")
class MemberProfileInput:
    name: str | None = strawberry.field(default=None, description="At most 200 characters.")
    gender: Gender | None = strawberry.field(default=None, description="What they say of their gender.")
    birthday: date | None = strawberry.field(default=None, description="When they were born, not in the future.")


@input(ContactWish, description="How a member wants to be spoken to, all of it.")
class ContactPreferenceInput:
    channel: str = strawberry.field(default="", description="Such as SMS or WECOM; at most 200 characters.")
    language: str = strawberry.field(default="", description="Such as zh or en; at most 200 characters.")
    quiet_from: time | None = strawberry.field(default=None, description="From when nobody should call or write.")
    quiet_until: time | None = strawberry.field(default=None, description="Until when; with `quietFrom`, or neither.")


@input(Register, description="Somebody who joins.")
class MemberRegisterInput:
    consent: ConsentEvidenceInput = strawberry.field(description="The evidence of their consent to MEMBERSHIP.")
    idempotency_key: str = strawberry.field(description=KEY)
    profile: MemberProfileInput | None = strawberry.field(default=None, description="What they tell of themself.")
    identifiers: list[MemberIdentifierInput] = strawberry.field(
        default_factory=list,
        description=f"By staff: what they are called, 1 to {MAX_IDENTIFIERS}. Your own account has its names already.",
    )
    registration_source: str = strawberry.field(
        default="", description="By staff: how they came, such as STORE or CRM; at most 200 characters."
    )
    home_location: strawberry.ID | None = strawberry.field(
        default=None, description="Id or code of their store; an associate's own if they say nothing."
    )


@input(Update, description="What is to be known of a member.")
class MemberUpdateInput:
    idempotency_key: str = strawberry.field(description=KEY)
    member: strawberry.ID | None = strawberry.field(default=None, description=WHO)
    profile: MemberProfileInput | None = strawberry.field(default=None, description="What they tell of themself.")
    contact_preference: ContactPreferenceInput | None = strawberry.field(
        default=None, description="How they want to be spoken to; null leaves it as it is."
    )
    home_location: strawberry.ID | None = strawberry.field(
        default=None, description="Id or code of their store; null leaves it as it is."
    )


@input(Link, description="A name that a member has as well.")
class MemberIdentifierLinkInput:
    type: IdentifierType = strawberry.field(description="What kind of name.")
    value: str = strawberry.field(description=VALUE)
    idempotency_key: str = strawberry.field(description=KEY)
    member: strawberry.ID | None = strawberry.field(default=None, description=WHO)
    realm: str = strawberry.field(default="", description=REALM)
    is_verified: bool = strawberry.field(default=False, description=VERIFIED)


@input(Unlink, description="A name that a member has no more.")
class MemberIdentifierUnlinkInput:
    type: IdentifierType = strawberry.field(description="What kind of name.")
    value: str = strawberry.field(description="The name, however it is written.")
    idempotency_key: str = strawberry.field(description=KEY)
    member: strawberry.ID | None = strawberry.field(default=None, description=WHO)
    realm: str = strawberry.field(default="", description=REALM)


@input(resolvers.erasure.Erase, description="Who is to be forgotten.")
class MemberEraseInput:
    idempotency_key: str = strawberry.field(description=KEY)
    member: strawberry.ID | None = strawberry.field(default=None, description=WHO)


@input(resolvers.blocking.Block, description="Who is to be let in no longer.")
class MemberBlockInput:
    member: strawberry.ID = strawberry.field(description="Their id.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(resolvers.blocking.Unblock, description="Who is to be let in again.")
class MemberUnblockInput:
    member: strawberry.ID = strawberry.field(description="Their id.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type
class _Answer:
    member: Member | None = plain("The member as they are now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(resolvers.registration.Answer, description="Who has joined.")
class MemberRegisterPayload(_Answer):
    pass


@view(resolvers.registration.Answer, description="What is known of the member now.")
class MemberUpdatePayload(_Answer):
    pass


@view(resolvers.identifiers.Answer, description="Who has the name now.")
class MemberIdentifierLinkPayload(_Answer):
    is_queued: bool = plain(
        "Whether a person must decide first: another member has the name, and something speaks against a merge."
    )


@view(resolvers.identifiers.Answer, description="Who has the name no more.")
class MemberIdentifierUnlinkPayload(_Answer):
    pass


@view(resolvers.erasure.Answer, description="What is left of the member: a record without a person.")
class MemberErasePayload(_Answer):
    pass


@view(resolvers.blocking.Answer, description="Who is let in no longer.")
class MemberBlockPayload(_Answer):
    pass


@view(resolvers.blocking.Answer, description="Who is let in again.")
class MemberUnblockPayload(_Answer):
    pass


@strawberry.type
class MemberMutation:
    member_register: MemberRegisterPayload = command(
        resolvers.registration.register,
        description="Let somebody join: yourself, with your consent; or by staff, whoever stands at the counter. Whom "
        "a verified identifier shows to be known already, and not a member yet, becomes one.",
        input=MemberRegisterInput,
        scope=OWN_OR_STAFF,
    )
    member_update: MemberUpdatePayload = command(
        resolvers.registration.update,
        description="Write down what a member told of themself, and how they want to be spoken to.",
        input=MemberUpdateInput,
        scope=OWN_OR_STAFF,
    )
    member_identifier_link: MemberIdentifierLinkPayload = command(
        resolvers.identifiers.link,
        description="Link a name to a member. A verified phone, union id or card that another member has makes them "
        "one, or waits for a person where something speaks against it.",
        input=MemberIdentifierLinkInput,
        scope=OWN_OR_STAFF,
    )
    member_identifier_unlink: MemberIdentifierUnlinkPayload = command(
        resolvers.identifiers.unlink,
        description="Take a name from a member; an associate can take only what nobody has verified.",
        input=MemberIdentifierUnlinkInput,
        scope=OWN_OR_STAFF,
    )
    member_block: MemberBlockPayload = command(
        resolvers.blocking.block,
        description="Let a member sign in, earn and redeem no longer; their sessions end at once.",
        input=MemberBlockInput,
        scope=Scope.MEMBERS_MERGE,
    )
    member_unblock: MemberUnblockPayload = command(
        resolvers.blocking.unblock,
        description="Let a member in again: active where they have consented to be a member, else a prospect.",
        input=MemberUnblockInput,
        scope=Scope.MEMBERS_MERGE,
    )
    member_erase: MemberErasePayload = command(
        resolvers.erasure.erase,
        description="Forget a member, for good: yourself, or by who holds members:merge. Sums stay; who they were, "
        "and what they are called, is nowhere.",
        input=MemberEraseInput,
        scope=(Scope.PROFILE, Scope.MEMBERS_MERGE),
    )
