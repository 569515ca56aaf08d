"""Consents: what a member allows, for which purpose and over which channel. Only what is granted permits (MEM-7)."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    said = {consent.channel: consent.state for consent in consents if consent.purpose is purpose}
    return said.get(channel, said.get(EVERY_CHANNEL)) is ConsentState.GRANTED
