"""Refusals of what concerns members, in GraphQL's words."""

from domain.refusals import members
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    members.UnknownMember,
    en="There is no member {member} that you may see.",
    zh="没有您可以查看的会员 {member}。",
)
class UnknownMember(UserError):
    member: str = plain("The id as sent.")
