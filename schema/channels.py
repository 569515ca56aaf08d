"""Channels, in GraphQL's words. Named here, whatever else they bear on: prices, the assortment, shares of stock."""

from domain.channels import Channel
from schema.base import enum

__all__ = ["Channel"]

enum(
    Channel,
    "Where the shopper stands. Send it as header `X-Channel`; prices, assortments and shares of stock may differ.",
    MINI_PROGRAM="A mini program; what counts when nothing is said.",
    APP="A native app.",
    WEB="A web shop.",
    POS="A till or a store tablet.",
)
