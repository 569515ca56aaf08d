"""Refusals of tags, in GraphQL's words."""

from domain.refusals import tags
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    tags.PathTooDeep,
    en="A path has at most {limit} steps, not {given}.",
    zh="标签路径最多 {limit} 级，当前 {given} 级。",
)
class PathTooDeep(UserError):
    limit: int = plain("Steps that are kept.")
    given: int = plain("Steps that were sent.")


@refusal(
    tags.ConfidenceOutOfRange,
    en="A confidence is 0 to 10000, not {confidence}.",
    zh="置信度应在 0 到 10000 之间，而不是 {confidence}。",
)
class ConfidenceOutOfRange(UserError):
    confidence: int = plain("As sent.")


@refusal(
    tags.NotYourWord,
    en="You cannot speak for {source}; for these: {allowed}.",
    zh="您不能以 {source} 的名义打标签，可用来源：{allowed}。",
)
class NotYourWord(UserError):
    source: str = plain("As sent.")
    allowed: list[str] = plain("For whom you can.")
