"""Refusals of what concerns who somebody is, in GraphQL's words."""

from datetime import datetime

from domain.refusals import identity
from schema.base import plain
from schema.refusals.base import UserError, refusal

TYPE = "The identifier's type."


@refusal(
    identity.BadIdentifier,
    en="This cannot be a {type}. Look for a digit too many or too few, and for what does not belong there.",
    zh="这不是有效的 {type}，请检查是否多输、少输或输错。",
)
class BadIdentifier(UserError):
    type: str = plain(TYPE)


@refusal(
    identity.CannotVerify,
    en="You cannot vouch for a {type}; link it unverified, or let the member show that it is theirs.",
    zh="您不能为 {type} 作验证，请以未验证方式添加，或由会员本人验证。",
)
class CannotVerify(UserError):
    type: str = plain(TYPE)


@refusal(
    identity.IdentifierTaken,
    en="This {type} belongs to another member.",
    zh="该 {type} 已属于其他会员。",
)
class IdentifierTaken(UserError):
    type: str = plain(TYPE)


@refusal(
    identity.OtherPhone,
    en="The member has another verified phone; unlink that one first.",
    zh="该会员已有另一个已验证的手机号，请先解绑。",
)
class OtherPhone(UserError):
    pass


@refusal(
    identity.KeptApart,
    en="Somebody decided that this member and the one who has this {type} are two people.",
    zh="已有人工判定：该会员与持有此 {type} 的会员不是同一人。",
)
class KeptApart(UserError):
    type: str = plain(TYPE)


@refusal(
    identity.UnknownIdentifier,
    en="The member has no such {type}.",
    zh="该会员没有这个 {type}。",
)
class UnknownIdentifier(UserError):
    type: str = plain(TYPE)


@refusal(
    identity.SameMember,
    en="{member} is this member already.",
    zh="{member} 已经是该会员本人。",
)
class SameMember(UserError):
    member: str = plain("The id as sent.")


@refusal(
    identity.UnknownMerge,
    en="There is no merge {merge}.",
    zh="没有合并记录 {merge}。",
)
class UnknownMerge(UserError):
    merge: str = plain("The id as sent.")


@refusal(
    identity.MergeFinal,
    en="This merge cannot be taken back: it could be once, until {reversible_until}, while its survivor went on.",
    zh="该合并已不可撤销：仅可撤销一次，截止 {reversible_until}，且合并后的会员须仍有效。",
)
class MergeFinal(UserError):
    reversible_until: datetime = plain("Until when it could be taken back, in UTC.")


@refusal(
    identity.UnknownMergeCase,
    en="There is no case {case}.",
    zh="没有待合并记录 {case}。",
)
class UnknownMergeCase(UserError):
    case: str = plain("The id as sent.")


@refusal(
    identity.CaseDecided,
    en="This case was decided: {decision}.",
    zh="该记录已判定：{decision}。",
)
class CaseDecided(UserError):
    decision: str = plain("What was decided.")


@refusal(
    identity.CaseObsolete,
    en="The members of this case are not both there any more; keep them apart to close it.",
    zh="该记录的两位会员已不再同时存在，可判定为保持分开以结案。",
)
class CaseObsolete(UserError):
    pass
