"""Refusals of somebody who would sign in, or stay signed in, in GraphQL's words."""

from datetime import datetime

from domain.refusals import sessions
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    sessions.WechatRefused,
    en="WeChat does not take this code. Ask `wx` for a new one, and send it once.",
    zh="微信不接受此 code，请重新获取，且只使用一次。",
)
class WechatRefused(UserError):
    pass


@refusal(
    sessions.PhoneInvalid,
    en="{phone} is no phone number. Correct it; abroad, begin with + and the country.",
    zh="{phone} 不是有效的手机号，请更正；境外号码请以 + 和国家代码开头。",
)
class PhoneInvalid(UserError):
    phone: str = plain("The text as sent.")


@refusal(
    sessions.CodeWrong,
    en="This is not the code that was sent last. Look again.",
    zh="验证码不正确，请核对最近一条短信。",
)
class CodeWrong(UserError):
    pass


@refusal(
    sessions.CodeExpired,
    en="This code holds no longer. Ask for a new one.",
    zh="验证码已失效，请重新获取。",
)
class CodeExpired(UserError):
    pass


@refusal(
    sessions.TooManyTries,
    en="Too many tries. Try again after {retry_at}.",
    zh="尝试次数过多，请在 {retry_at} 之后再试。",
)
class TooManyTries(UserError):
    retry_at: datetime = plain("From when on one may try again, in UTC.")


@refusal(
    sessions.TabletUnknown,
    en="This tablet is not known, or was given a new key. Ask an administrator to register it.",
    zh="此设备未登记或密钥已更换，请联系管理员登记。",
)
class TabletUnknown(UserError):
    pass


@refusal(
    sessions.PinWrong,
    en="This is not the PIN of an associate who works here.",
    zh="员工或 PIN 不正确。",
)
class PinWrong(UserError):
    pass


@refusal(
    sessions.PinWeak,
    en="A PIN has {shortest} to {longest} digits, neither all the same nor in their order. Choose another.",
    zh="PIN 须为 {shortest} 至 {longest} 位数字，且不能是相同或连续的数字，请另选。",
)
class PinWeak(UserError):
    shortest: int = plain("How many digits it has at least.")
    longest: int = plain("How many it has at most.")


@refusal(
    sessions.MemberBlocked,
    en="This membership is blocked. Please ask in a store.",
    zh="该会员已被停用，请咨询门店。",
)
class MemberBlocked(UserError):
    pass


@refusal(
    sessions.SessionEnded,
    en="This session has ended. Sign in again.",
    zh="会话已结束，请重新登录。",
)
class SessionEnded(UserError):
    pass
