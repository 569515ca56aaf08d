"""What was observed of members changes hands with a merge, and ends with their consent or with themselves."""

from datetime import datetime
from typing import Any

from datasources.ports.work import Work


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Make what one member did another's; it is shown only if the survivor lets us."""
    names = await work.behaviour.owned(absorbed)
    await work.behaviour.give(names, to=survivor)
    return {"absorbed": absorbed, "events": [list(name) for name in names]}


async def part(work: Work, record: dict[str, Any], *, now: datetime) -> None:
    """Undo that."""
    await work.behaviour.give([(source, id) for source, id in record["events"]], to=record["absorbed"])


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Delete all that a member did: they do not let us keep it any more, or are forgotten (MEM-7)."""
    await work.behaviour.forget(member_id)
