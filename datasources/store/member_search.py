"""Looking members up: by number, by whole names, and by the end of a phone, each by an index.

About a hundred of a million members share the end of a phone. Whoever may see them all reads the page they asked for;
an associate's clients are tried by two more look-ups each, in the database.
"""

from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery, and_, exists, func, or_, select, union

from datasources.ports.members import Clientele, Sought
from datasources.store.clients import REMEMBERED
from datasources.store.member_tables import IS_TOLD, IS_VERIFIED, bindings, member_identifiers, members, visits


def matching(sought: Sought, clientele: Clientele | None, after: str) -> Select[tuple[str]]:
    """Ids after that one, in their order, of who matches in any way, and may be seen."""
    found = _matches(sought).subquery("found")
    wanted = select(found.c.member_id).where(found.c.member_id > after)
    if clientele is not None:
        wanted = wanted.where(_is_seen(found, clientele))
    return wanted.order_by(found.c.member_id)


def _matches(sought: Sought) -> CompoundSelect[tuple[str]]:
    named = member_identifiers.c
    now = func.coalesce(members.c.merged_into, members.c.id)
    ways = [select(now.label("member_id")).where(members.c.code == sought.code)]
    for key in sought.names:
        is_key = and_(named.type == key.type.value, named.realm == key.realm, named.value == key.value)
        ways += [select(named.member_id).where(is_key, standing) for standing in (IS_VERIFIED, IS_TOLD)]
    if sought.tail is not None:
        ways.append(select(named.member_id).where(named.tail == sought.tail))
    return union(*ways)


def _is_seen(found: Subquery, clientele: Clientele) -> ColumnElement[bool]:
    """As `SqlClients.seen_by` says, of each that was found."""
    is_bound = exists().where(
        bindings.c.associate_id == clientele.associate_id,
        bindings.c.member_id == found.c.member_id,
        bindings.c.ended_at.is_(None),
        bindings.c.valid_until > clientele.now,
    )
    came = exists().where(
        visits.c.location_id == clientele.location_id,
        visits.c.member_id == found.c.member_id,
        visits.c.last_at > clientele.now - REMEMBERED,
    )
    return or_(is_bound, came)
