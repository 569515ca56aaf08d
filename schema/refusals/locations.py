"""Refusals of places that are not there, cannot do it, or are not the viewer's, in GraphQL's words."""

import resolvers.locations
from domain.refusals import locations
from schema.base import batch, plain
from schema.locations import Location
from schema.refusals.base import UserError, refusal


@refusal(
    locations.UnknownLocation,
    en="No location has the id or code {location}. Import it first, or correct it.",
    zh="没有编号为 {location} 的门店或仓库，请先导入或更正。",
)
class UnknownLocation(UserError):
    location: str = plain("The location as sent.")


@refusal(
    locations.LocationCannot,
    en="The location {location} cannot do this: it lacks {capability}. Choose another one.",
    zh="{location} 不支持此操作（缺少 {capability}），请选择其他门店。",
)
class LocationCannot(UserError):
    location: Location | None = batch(resolvers.locations.of_refusals, description="Which.")
    capability: str = plain("What it lacks: a capability, or OPEN.")


@refusal(
    locations.NotYourLocation,
    en="You act for another location than {location}. Ask somebody who works there.",
    zh="您不属于 {location}，请联系该门店的同事操作。",
)
class NotYourLocation(UserError):
    location: Location | None = batch(resolvers.locations.of_refusals, description="Which one it is.")


@refusal(
    locations.SameLocation,
    en="Units cannot be transferred from {location} to itself. Choose another location.",
    zh="不能从 {location} 调拨到自身，请选择其他门店。",
)
class SameLocation(UserError):
    location: Location | None = batch(resolvers.locations.of_refusals, description="Which.")
