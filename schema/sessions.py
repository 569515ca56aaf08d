"""Sign-in and sessions, in GraphQL's words."""

from datetime import datetime
from typing import Any

import strawberry

import domain.tablets
import resolvers.phone_codes
import resolvers.sessions
import resolvers.tablets
import resolvers.wechat
from domain.codes_once import DIGITS, LIFETIME, TRIES
from domain.viewers import Scope
from schema.base import batch, plain, view
from schema.commands import USER_ERRORS, command
from schema.inputs import input
from schema.locations import Location
from schema.members import Member
from schema.refusals.base import UserError

MINUTES = int(LIFETIME.total_seconds() // 60)


@view(resolvers.sessions.Granted, description="What somebody who is signed in goes on with.")
class Session:
    access_token: str = plain("For `Authorization: Bearer …`, and for `connection_init`.")
    expires_at: datetime = plain("When the access token ends, in UTC; before, change the refresh token for new ones.")
    refresh_token: str = plain("To be kept secret. It holds once: `sessionRefresh` gives the next.")
    refresh_expires_at: datetime = plain("When the session ends unless it is refreshed before, in UTC.")
    viewer: Member | None = plain(
        "Who is signed in; null for staff. Fields that only they may see are answered to `me`, with the new token."
    )


@view(domain.tablets.Tablet, description="A tablet on which the associates of a store sign in.")
class Tablet:
    name: str = plain("What the house calls it.", attribute="id")
    location: Location | None = batch(resolvers.tablets.location_of, description="Where it lies.")
    registered_at: datetime = plain("Since when its key holds, in UTC.")


@input(resolvers.wechat.Login, description="Who WeChat says it is.")
class WechatLoginInput:
    code: str = strawberry.field(description="A code of `wx.login`; it works once.")


@input(resolvers.wechat.BindPhone, description="A phone that WeChat vouches for.")
class WechatBindPhoneInput:
    code: str = strawberry.field(description="A code of `getPhoneNumber`; it works once.")


@input(resolvers.phone_codes.Send, description="Where a one-time code is to be sent.")
class PhoneCodeSendInput:
    phone: str = strawberry.field(description="The phone; of mainland China unless it begins with + or 00.")


@input(resolvers.phone_codes.Login, description="A phone, and who has it.")
class PhoneLoginInput:
    phone: str = strawberry.field(description="The phone, as it was sent to `phoneCodeSend`.")
    code: str = strawberry.field(
        description=f"The {DIGITS} digits that were sent to it last; they hold for {MINUTES} minutes and {TRIES} tries."
    )


@input(resolvers.tablets.Login, description="Who stands before which tablet.")
class AssociateLoginInput:
    tablet: str = strawberry.field(description="The key that `tabletRegister` gave for the tablet.")
    associate: strawberry.ID = strawberry.field(description="Id or code of the associate; they work where it lies.")
    pin: str = strawberry.field(description="Their PIN.")


@input(resolvers.tablets.Register, description="A tablet, and where it lies.")
class TabletRegisterInput:
    tablet: str = strawberry.field(description="What the house calls it, such as SH001-1; at most 200 characters.")
    location: strawberry.ID = strawberry.field(description="Id or code of the store.")


@input(resolvers.tablets.SetPin, description="The PIN that an associate is to have.")
class AssociatePinSetInput:
    associate: strawberry.ID = strawberry.field(description="Id or code of the associate.")
    pin: str = strawberry.field(
        description=f"{domain.tablets.PIN_LENGTHS[0]} to {domain.tablets.PIN_LENGTHS[-1]} digits, "
        "neither all the same nor in their order."
    )


@input(resolvers.sessions.Refresh, description="A refresh token to be changed for new tokens.")
class SessionRefreshInput:
    refresh_token: str = strawberry.field(description="The last one that was given; a former one ends the session.")


@input(resolvers.sessions.End, description="Which session to end.")
class SessionEndInput:
    refresh_token: str | None = strawberry.field(
        default=None, description="One of its refresh tokens; null: the session that your access token is of."
    )


@input(resolvers.sessions.EndAll, description="Which of your sessions to end: all.")
class SessionEndAllInput:
    but_this: bool = strawberry.field(default=False, description="Keep the one that you ask in.")


@strawberry.type
class _SignedIn:
    session: Session | None = plain("What to go on with; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(resolvers.sessions.Answer, description="Who is signed in by WeChat.")
class WechatLoginPayload(_SignedIn):
    pass


@view(resolvers.wechat.Bound, description="Who somebody turned out to be, with new tokens.")
class WechatBindPhonePayload(_SignedIn):
    is_queued: bool = plain(
        "Whether a person must decide first, for two members are in question: until then you go on as before."
    )


@view(resolvers.sessions.Answer, description="Who is signed in by a phone.")
class PhoneLoginPayload(_SignedIn):
    pass


@view(resolvers.sessions.Answer, description="The session of an associate.")
class AssociateLoginPayload(_SignedIn):
    pass


@view(resolvers.sessions.Answer, description="The session with new tokens.")
class SessionRefreshPayload(_SignedIn):
    pass


@view(resolvers.phone_codes.Sent, description="That a code is on its way; to every phone alike, known or not.")
class PhoneCodeSendPayload:
    expires_at: datetime | None = plain("Until when it holds, in UTC; null where none was sent.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(resolvers.tablets.Registered, description="The tablet, and its key.")
class TabletRegisterPayload:
    tablet: Tablet | None = plain("The tablet; null where it was refused.")
    key: str | None = plain("To be kept on the tablet; it is shown this once. Null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class _Ended:
    ended_count: int | None = plain("How many sessions ended; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(resolvers.tablets.PinSet, description="How many sessions a new PIN has ended.")
class AssociatePinSetPayload(_Ended):
    pass


@view(resolvers.sessions.Ended, description="Whether the session ended.")
class SessionEndPayload(_Ended):
    pass


@view(resolvers.sessions.Ended, description="How many sessions ended.")
class SessionEndAllPayload(_Ended):
    pass


def _for_all(resolve: Any, input: type, description: str) -> Any:
    """A mutation that needs no right: whoever asks has yet to show who they are, or asks for themself."""
    return command(resolve, description=description, input=input, scope=None)


@strawberry.type
class SessionMutation:
    wechat_login: WechatLoginPayload = _for_all(
        resolvers.wechat.login,
        WechatLoginInput,
        "Sign in by WeChat. Whom nobody knows is a prospect from now on, who has consented to nothing.",
    )
    wechat_bind_phone: WechatBindPhonePayload = _for_all(
        resolvers.wechat.bind_phone,
        WechatBindPhoneInput,
        "Give your membership the phone that WeChat vouches for. Whoever has it already is you. For members.",
    )
    phone_code_send: PhoneCodeSendPayload = _for_all(
        resolvers.phone_codes.send,
        PhoneCodeSendInput,
        "Send a one-time code to a phone; the one before holds no longer. Answers alike whether it is known or not.",
    )
    phone_login: PhoneLoginPayload = _for_all(
        resolvers.phone_codes.login,
        PhoneLoginInput,
        "Sign in by a phone and its one-time code. Whom nobody knows is a prospect from now on.",
    )
    associate_login: AssociateLoginPayload = _for_all(
        resolvers.tablets.login, AssociateLoginInput, "Sign an associate in, by PIN, on a tablet that the house knows."
    )
    session_refresh: SessionRefreshPayload = _for_all(
        resolvers.sessions.refresh,
        SessionRefreshInput,
        "Change a refresh token for new tokens. Each holds once: showing a former one ends the session.",
    )
    session_end: SessionEndPayload = _for_all(
        resolvers.sessions.end,
        SessionEndInput,
        "Sign out here: the session's tokens hold no longer, and its subscriptions end.",
    )
    session_end_all: SessionEndAllPayload = _for_all(
        resolvers.sessions.end_all, SessionEndAllInput, "Sign out everywhere. For whoever is signed in."
    )
    tablet_register: TabletRegisterPayload = command(
        resolvers.tablets.register,
        description="Make a tablet known; one that is known gets a new key, and its former one holds no longer.",
        input=TabletRegisterInput,
        scope=Scope.SIGN_IN_MANAGE,
    )
    associate_pin_set: AssociatePinSetPayload = command(
        resolvers.tablets.set_pin,
        description="Give an associate a PIN, and sign them out everywhere.",
        input=AssociatePinSetInput,
        scope=Scope.SIGN_IN_MANAGE,
    )
