"""The process that serves: its logs, and how often it looks for garbage. Part of the composition root."""

import gc
import logging
import sys

import structlog

from settings import Settings

COLLECT_AFTER = (50_000, 20, 100)
"""How many more containers than were given back make the collector look at the youngest; then generations."""


def prepare(chosen: Settings) -> None:
    """Make this process ready to serve."""
    configure_logs(chosen)
    collect_seldom()


def collect_seldom() -> None:
    """Look for cycles of garbage less often: an answer is thousands of dictionaries without any.

    At the interpreter's own pace a third of the time of a product page goes there; what is loaded by now stays.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def configure_logs(chosen: Settings) -> None:
    """Write logs to standard error: for people, or one JSON object a line."""
    level = logging.getLevelNamesMapping()[chosen.log_level.upper()]
    # Never a traceback with local variables: they hold tokens and addresses.
    renderer: structlog.types.Processor = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    if chosen.log_format == "json":
        renderer = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
            if chosen.log_format == "json"
            else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
