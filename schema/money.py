"""Money, in GraphQL's words."""

from decimal import Decimal

import domain.money
from schema.base import plain, view


@view(domain.money.Money, description="An amount of one currency.")
class Money:
    amount: Decimal = plain("The amount in the major unit, a decimal with the currency's own number of digits.")
    currency_code: str = plain("ISO 4217 code, such as CNY.", attribute="currency")
