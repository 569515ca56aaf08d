"""Money is counted in whole minor units; a decimal is read and written without losing any."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.money
from domain.money import Money

currencies = st.sampled_from(["CNY", "USD", "JPY", "KRW", "KWD", "XOF"])
amounts = st.builds(Money, st.integers(-(10**15), 10**15), currencies)


@given(amounts)
def test_an_amount_that_is_written_and_read_is_the_same_amount(money: Money) -> None:
    assert domain.money.parse(str(money.amount), money.currency) == money


@given(amounts)
def test_an_amount_has_exactly_the_digits_of_its_currency(money: Money) -> None:
    assert -int(money.amount.as_tuple().exponent) == domain.money.minor_digits(money.currency)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("199", "CNY", 19900), (" 0.01 ", "CNY", 1), ("-5.5", "USD", -550), ("1200", "JPY", 1200), ("1.234", "KWD", 1234)],
)
def test_a_price_of_a_file_is_read_in_minor_units(text: str, currency: str, minor: int) -> None:
    assert domain.money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.005", "CNY"),
        ("0.5", "JPY"),
        ("1,000", "CNY"),
        ("", "CNY"),
        ("free", "CNY"),
        ("nan", "CNY"),
        ("-inf", "CNY"),
        ("1e400", "CNY"),
        ("1e999999", "CNY"),
        ("1234567890123456789012345678901.23", "CNY"),
    ],
)
def test_what_is_no_whole_number_of_minor_units_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        domain.money.parse(text, currency)


@pytest.mark.parametrize(
    ("digits", "currencies"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "AUD BRL CHF CNY EUR GBP HKD INR MOP MYR SGD THB TWD USD"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_a_currency_has_the_minor_digits_that_iso_4217_gives_it(digits: int, currencies: str) -> None:
    assert {domain.money.minor_digits(currency) for currency in currencies.split()} == {digits}


@pytest.mark.parametrize("text", ["10000000000000.01", "-10000000000000.01", "99999999999999"])
def test_more_money_than_there_is_is_no_amount(text: str) -> None:
    assert domain.money.parse("10000000000000", "CNY") == Money(10**15, "CNY")
    with pytest.raises(ValueError, match="is not an amount one can pay"):
        domain.money.parse(text, "CNY")


def test_a_cent_is_shown_with_its_zeros() -> None:
    assert [str(Money(minor, "CNY").amount) for minor in (1, 10, 19900)] == ["0.01", "0.10", "199.00"]
    assert Money(5, "JPY").amount == Decimal(5)
