"""Records of the points ledger: facts, lots and whole accounts as JSON can hold them, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from domain.accounts import Account
from domain.facts import Fact, Kind, Returned, Share, Terms
from domain.lots import Hold, Lot, Part

_KEPT = ("amount", "returned")
"""None and nothing are two things here."""


def pack(account: Account) -> Mapping[str, Any]:
    """What a merge brings of an account: all it holds, and what it waits for."""
    return {
        "lots": [pack_lot(lot) for lot in account.lots.values()],
        "holds": [pack_hold(hold) for hold in account.holds.values()],
        "debt": account.debt,
        "waiting": [pack_fact(fact) for fact in account.waiting],
        "united": account.united,
    }


def unpack(packed: Mapping[str, Any]) -> Account:
    """Read it back."""
    lots = [unpack_lot(lot) for lot in packed["lots"]]
    holds = [unpack_hold(hold) for hold in packed["holds"]]
    return Account(
        lots={lot.id: lot for lot in lots},
        holds={hold.ref: hold for hold in holds},
        debt=packed["debt"],
        waiting=tuple(map(unpack_fact, packed["waiting"])),
        united=packed["united"],
    )


def pack_fact(fact: Fact) -> dict[str, Any]:
    """A fact without what says nothing."""
    written = {
        "kind": fact.kind.value,
        "ref": fact.ref,
        "at": fact.occurred_at.isoformat(),
        "amount": fact.amount,
        "of": fact.of,
        "shares": pack_shares(fact.shares),
        "returned": None if fact.returned is None else [astuple(one) for one in fact.returned],
        "value": fact.value_minor,
        "reason": fact.reason,
        "operator": fact.operator,
        "moved": fact.moved,
        "terms": astuple(fact.terms),
    }
    return {name: value for name, value in written.items() if value not in (None, "", 0, []) or name in _KEPT}


def unpack_fact(packed: Mapping[str, Any]) -> Fact:
    """Read a fact back."""
    returned = packed["returned"]
    return Fact(
        Kind(packed["kind"]),
        packed["ref"],
        datetime.fromisoformat(packed["at"]),
        amount=packed["amount"],
        of=packed.get("of", ""),
        shares=unpack_shares(packed.get("shares", ())),
        returned=None if returned is None else tuple(Returned(*one) for one in returned),
        value_minor=packed.get("value", 0),
        reason=packed.get("reason", ""),
        operator=packed.get("operator", ""),
        moved=packed.get("moved"),
        terms=Terms(*packed["terms"]),
    )


def pack_lot(lot: Lot) -> dict[str, Any]:
    """A lot, its instants as texts."""
    plain = {name: getattr(lot, name) for name in ("id", "earned_by", "amount", "pending", "remaining", "frozen")}
    return plain | {
        "active_from": _text(lot.active_from),
        "expires_at": _text(lot.expires_at),
        "shares": pack_shares(lot.shares),
    }


def unpack_lot(packed: Mapping[str, Any]) -> Lot:
    """Read a lot back."""
    instants = {name: _instant(packed[name]) for name in ("active_from", "expires_at")}
    return Lot(**dict(packed) | instants | {"shares": unpack_shares(packed["shares"])})


def pack_hold(hold: Hold) -> dict[str, Any]:
    """A freeze, lot by lot."""
    return {
        "ref": hold.ref,
        "parts": [astuple(part) for part in hold.parts],
        "shares": pack_shares(hold.shares),
        "value_minor": hold.value_minor,
        "is_captured": hold.is_captured,
    }


def unpack_hold(packed: Mapping[str, Any]) -> Hold:
    """Read a freeze back."""
    parts = tuple(Part(*part) for part in packed["parts"])
    return Hold(**dict(packed) | {"parts": parts, "shares": unpack_shares(packed["shares"])})


def pack_shares(shares: Sequence[Share]) -> list[tuple[Any, ...]]:
    """Lines, their units and what they carry."""
    return [(share.key, share.units, share.amount, share.taken) for share in shares]  # `astuple` copies deeply


def unpack_shares(packed: Sequence[Sequence[Any]]) -> tuple[Share, ...]:
    """Read them back."""
    return tuple(Share(*share) for share in packed)


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
