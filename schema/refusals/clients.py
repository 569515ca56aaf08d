"""Refusals of what associates may not do with clients, tasks and commission, in GraphQL's words."""

from datetime import datetime

import strawberry

from domain.refusals import clients
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    clients.ClientProtected,
    en="The member is the client of another associate, and protected until {until}. Ask that associate, or wait.",
    zh="该会员已绑定其他导购，保护期至 {until}。请联系原导购，或待保护期结束后再绑定。",
)
class ClientProtected(UserError):
    until: datetime = plain("From when on they can be taken over, in UTC.")


@refusal(
    clients.UnknownAssociate,
    en="Nobody who works here has the id or code {associate}, or you may not act for them. Correct it.",
    zh="没有编号为 {associate} 的在职导购，或您无权代其操作，请更正。",
)
class UnknownAssociate(UserError):
    associate: strawberry.ID = plain("The associate as sent.")


@refusal(
    clients.WeComUserTaken,
    en="{we_com_user_id} is another associate's id at WeCom. Correct it, or take it from them first.",
    zh="企业微信账号 {we_com_user_id} 已属于其他导购，请更正或先解除。",
)
class WeComUserTaken(UserError):
    we_com_user_id: str = plain("The id as sent.")


@refusal(
    clients.SameAssociate,
    en="The clients of {associate} cannot be handed over to themself. Name another associate.",
    zh="不能将 {associate} 的客户移交给其本人，请选择其他导购。",
)
class SameAssociate(UserError):
    associate: strawberry.ID = plain("The associate as sent.")


@refusal(
    clients.UnknownClientTask,
    en="You have no task {task}. It may be another's, or what it was about may be over.",
    zh="您没有任务 {task}，可能属于他人或已失效。",
)
class UnknownClientTask(UserError):
    task: strawberry.ID = plain("The task as sent.")


@refusal(
    clients.WrongPeriod,
    en="A statement cannot be closed over what is yet to come. Choose a moment that has passed.",
    zh="不能结算尚未发生的期间，请选择已过去的时间。",
)
class WrongPeriod(UserError):
    pass
