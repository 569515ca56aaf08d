"""Consents: what a member allows, for which purpose and over which channel. Only what is granted permits (MEM-7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum


class Purpose(Enum):
    """What somebody's data is used for."""

    MEMBERSHIP = "MEMBERSHIP"
    PROFILING = "PROFILING"
    MARKETING = "MARKETING"
    LOCATION = "LOCATION"
    SHARE_WITH_ASSOCIATE = "SHARE_WITH_ASSOCIATE"


class ConsentState(Enum):
    """What was said of it, last."""

    UNKNOWN = "UNKNOWN"
    GRANTED = "GRANTED"
    DENIED = "DENIED"
    WITHDRAWN = "WITHDRAWN"


EVERY_CHANNEL = ""
"""The channel of a consent that holds wherever none was given for the channel itself."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What was said, and the evidence: where, when, to which text (its hash) of which version."""

    purpose: Purpose
    channel: str
    state: ConsentState
    version: str
    at: datetime
    place: str
    text_hash: str


def permits(consents: Iterable[Consent], purpose: Purpose, *, channel: str = EVERY_CHANNEL) -> bool:
    """Say whether a purpose is granted: by the word on the channel itself, else by the one for every channel."""
    word = _word(consents, purpose, channel)
    return word is not None and word.state is ConsentState.GRANTED


_NARROW = (ConsentState.GRANTED, ConsentState.UNKNOWN, ConsentState.WITHDRAWN, ConsentState.DENIED)
"""From what permits to what forbids most."""


def withdrawn(said: Iterable[Consent], no: Consent) -> Consent:
    """What a no is called: WITHDRAWN where the same had been granted, DENIED where it never was."""
    had = any(one.state is ConsentState.GRANTED for one in said if _slot(one) == _slot(no))
    return replace(no, state=ConsentState.WITHDRAWN if had else ConsentState.DENIED)


def joined(one: Sequence[Consent], other: Sequence[Consent], *, at: datetime) -> Sequence[Consent]:
    """What a member allows who was two: a purpose and channel that both had granted, and nothing else (MEM-5).

    A no of either wins, with its evidence; what one had never been asked is not known of both.
    """
    slots = sorted({_slot(said) for said in (*one, *other)}, key=lambda slot: (slot[0].value, slot[1]))
    return [_narrower([_word(said, *slot) for said in (one, other)], *slot, at=at) for slot in slots]


def _narrower(words: Sequence[Consent | None], purpose: Purpose, channel: str, *, at: datetime) -> Consent:
    nobody = Consent(purpose, channel, ConsentState.UNKNOWN, version="", at=at, place="", text_hash="")
    said = [replace(word or nobody, channel=channel) for word in words]
    return max(said, key=lambda it: (_NARROW.index(it.state), it.at, it.version, it.place, it.text_hash))


def _word(said: Iterable[Consent], purpose: Purpose, channel: str) -> Consent | None:
    """What holds for a purpose on a channel: the word on the channel itself, else the one for every channel."""
    by_channel = {consent.channel: consent for consent in said if consent.purpose is purpose}
    return by_channel.get(channel, by_channel.get(EVERY_CHANNEL))


def _slot(consent: Consent) -> tuple[Purpose, str]:
    return consent.purpose, consent.channel
