"""What is recommended: what goes with what somebody bought, and never what they have."""

from domain.co_purchase import Neighbour
from domain.recommendations import Reason, Suggestion, preferring, ranked

BESIDE = {
    "tea": [Neighbour("cup", 0.5, 9), Neighbour("pot", 0.4, 8), Neighbour("milk", 0.3, 7)],
    "milk": [Neighbour("pot", 0.2, 5), Neighbour("tea", 0.3, 7)],
}


def test_what_goes_with_several_things_somebody_bought_comes_first() -> None:
    found = ranked(["tea", "milk"], BESIDE, ["tea", "bag", "cup", "hat"], limit=3)
    assert [(one.sku, one.reason) for one in found] == [
        ("pot", Reason.BOUGHT_TOGETHER),
        ("cup", Reason.BOUGHT_TOGETHER),
        ("bag", Reason.POPULAR),
    ]
    assert ranked(["tea", "milk"], BESIDE, ["bag"], limit=1) == found[:1]


def test_who_bought_nothing_is_recommended_what_many_buy() -> None:
    assert [one.sku for one in ranked([], BESIDE, ["tea", "bag"], limit=9)] == ["tea", "bag"]


def test_what_somebody_prefers_leads_and_says_so() -> None:
    found = [Suggestion("pot", 0.6, Reason.BOUGHT_TOGETHER), Suggestion("cup", 0.5, Reason.BOUGHT_TOGETHER)]
    assert preferring(found, frozenset({"cup", "bag"})) == [Suggestion("cup", 0.5, Reason.PREFERRED), found[0]]
