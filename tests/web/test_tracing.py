"""Where the time went: a span for the request, below the caller's, and one for each level that was read."""

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.web.conftest import Open
from tests.web.front import Wiring

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="session")
def exporter() -> InMemorySpanExporter:
    """Set OpenTelemetry's SDK up, which a process does once."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    exporter.clear()
    yield exporter
    exporter.clear()


def test_a_page_leaves_a_span_per_level_under_its_request_and_its_caller(
    open_front: Open, spans: InMemorySpanExporter
) -> None:
    front = open_front(Wiring(is_traced=True))
    front.ask("{ products { nodes { title variants { sku } } } }", headers={"traceparent": CALLER})
    found = {span.name: span for span in spans.get_finished_spans()}
    request = found["POST /graphql"]
    assert request.parent is not None
    assert f"{request.context.trace_id:032x}" == CALLER.split("-")[1]
    assert {"Query.products", "Product.title", "Product.variants", "Variant.sku"} <= found.keys()
    variants = found["Product.variants"]
    assert variants.parent == request.context
    assert variants.attributes == {"graphql.objects": 1}


def test_nothing_is_traced_unless_somebody_asks_for_it(open_front: Open, spans: InMemorySpanExporter) -> None:
    open_front(Wiring()).ask("{ __typename }")
    assert spans.get_finished_spans() == ()
