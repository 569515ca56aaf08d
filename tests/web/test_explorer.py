"""The explorer's tabs work as they come: valid, about things the demo's shop has, and each with its user's token."""

import json
import re

import graphql
import pytest

import schema.build
from datasources.demo import products, stores, traffic
from tests.web.conftest import Open
from tests.web.front import Front, Wiring
from web.explorer.pages import MODULES, NODE_MODULES, Explorer
from web.explorer.tabs import FOLDER, TABS, Tab

SKUS = {variant.sku for style in products.styles() for variant in style.entry.variants}
CODES = {code.value for style in products.styles() for variant in style.entry.variants for code in variant.barcodes}


@pytest.fixture(scope="module")
def words() -> graphql.GraphQLSchema:
    return graphql.build_schema(schema.build.unified().as_str())


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_a_tab_is_an_operation_the_graph_answers(tab: Tab, words: graphql.GraphQLSchema) -> None:
    document = graphql.parse(tab.query)
    assert graphql.validate(words, document) == []
    (operation,) = (node for node in document.definitions if isinstance(node, graphql.OperationDefinitionNode))
    given = json.loads(tab.variables)
    assert {definition.variable.name.value for definition in operation.variable_definitions or ()} == set(given)


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_a_tab_names_skus_stores_and_codes_that_the_demo_has(tab: Tab) -> None:
    said = set(re.findall(r'"([^"]+)"', tab.variables))
    assert {text for text in said if re.fullmatch(r"[A-Z]{2}\d\d-\w+-\w+", text)} <= SKUS
    assert {text for text in said if re.fullmatch(r"[A-Z]{2}\d{2,3}", text)} <= {site.id for site in stores.SITES}
    assert {text for text in said if re.fullmatch(r"\d{13}", text)} <= CODES


def test_the_live_tabs_watch_what_the_demo_sells_all_the_time() -> None:
    for tab in TABS:
        if tab.name.startswith("watch-"):
            watched = json.loads(tab.variables)
            assert tuple(watched["skus"]) == traffic.HOT_SKUS
            assert tuple(watched["stores"]) == traffic.HOT_LOCATIONS


def test_every_file_of_the_tabs_is_a_tab() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {tab.name for tab in TABS}


def test_tabs_come_with_the_role_and_tokens_with_the_demo_only(open_front: Open, front: Front) -> None:
    tabs = front.client.get("/explorer/tabs.json").json()
    assert {tab["role"] for tab in tabs} == {None, "member", "associate", "integrator"}
    assert front.client.get("/explorer/tokens.json").json() == {}
    demo = open_front(Wiring(explorer=Explorer(tokens={"member": "t"})))
    assert demo.client.get("/explorer/tokens.json").json() == {"member": "t"}


def test_the_page_may_speak_to_this_server_only(front: Front) -> None:
    page = front.client.get("/", follow_redirects=True)
    assert page.url.path == "/explorer/"
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert re.findall(r"https?:|\*|wss?:", policy) == []


def test_the_page_is_there_with_everything_it_loads(front: Front) -> None:
    if not all((NODE_MODULES / path).is_file() for path in MODULES.values()):
        pytest.skip("the explorer's browser code is not installed (scripts/explorer-assets)")
    page = front.client.get("/explorer/")
    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', page.text)
    assert len(loaded) == 6
    assert {front.client.get(f"/explorer/{name}").status_code for name in loaded} == {200}


def test_the_demos_pictures_are_drawn_and_nothing_else_is(front: Front) -> None:
    picture = front.client.get("/media/demo/DJ01.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.text.startswith("<svg")
