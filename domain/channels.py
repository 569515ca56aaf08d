"""Channels: where shoppers are met; one truth for all of them."""

from enum import Enum


class Channel(Enum):
    """Where the shopper stands. A context of the question, never another truth."""

    MINI_PROGRAM = "MINI_PROGRAM"
    APP = "APP"
    WEB = "WEB"
    POS = "POS"
