"""People at the counter, on their phones and in the back office, and what they say."""

from collections.abc import Sequence
from typing import Any

import resolvers.identifiers
import resolvers.registration
from datasources.store.store import Store
from domain.members import IdentifierType, Member
from domain.viewers import SCOPES_OF_ROLE, Role, Viewer
from resolvers.consents import Evidence
from resolvers.context import Context
from resolvers.identifiers import Answer, Link, Name
from resolvers.registration import Register
from tests.worlds import asked

PHONE, CARD, EMAIL = "+86 138-0013-8000", "VIP 0012 3456", "Fang.Wang@Example.com"
EVIDENCE = Evidence(version="v1", place="SH001 counter", text_hash="f00dcafe")


def by(store: Store, role: Role, id: str, location: str | None = None, **said: Any) -> Context:
    """An operation of somebody who holds all rights of their role."""
    return asked(store, viewer=Viewer(id, role, SCOPES_OF_ROLE[role], location_id=location), **said)


def erp(store: Store, **said: Any) -> Context:
    """An operation of a system that vouches for what it says."""
    return by(store, Role.INTEGRATOR, "erp", **said)


def verified(type: IdentifierType, value: str, realm: str = "") -> Name:
    """A name that a system has seen proved."""
    return Name(type, value, realm, is_verified=True)


async def registered(ctx: Context, *names: Name, key: str = "", **said: Any) -> Member:
    """Somebody who joined under these names."""
    wish = Register(
        EVIDENCE,
        key or f"register {[name.value for name in names]}",
        identifiers=names,
        registration_source="STORE",
        **said,
    )
    answer = await resolvers.registration.register(ctx, wish)
    assert answer.member, answer.user_errors
    return answer.member


async def linked(ctx: Context, member: Member, name: Name, *, key: str = "") -> Answer:
    """What becomes of a member who is linked to one more name."""
    wish = Link(
        name.type,
        name.value,
        key or f"link {member.id} {name.value} {name.is_verified}",
        member.id,
        name.realm,
        name.is_verified,
    )
    return await resolvers.identifiers.link(ctx, wish)


async def live(store: Store, members: Sequence[Member]) -> list[Member]:
    """Those of them who still stand for somebody, as they are now."""
    found = await store.members.members([member.id for member in members])
    return [member for member in found if member is not None and member.is_live]
