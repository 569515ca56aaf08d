"""The process that serves: its logs, and how often it looks for garbage. Part of the composition root."""

import gc
import logging
import sys

import structlog
from structlog.types import Processor

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
    """Write logs to standard error, those of the libraries too: for people, or one JSON object a line."""
    level = logging.getLevelNamesMapping()[chosen.log_level.upper()]
    # Never a traceback with local variables: they hold tokens and addresses.
    if chosen.log_format == "json":
        stamp = structlog.processors.TimeStamper(fmt="iso")
        traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        shown: list[Processor] = [
            structlog.processors.ExceptionRenderer(traceback),
            structlog.processors.JSONRenderer(),
        ]
    else:
        stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
        plain = structlog.dev.plain_traceback
        shown = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False, exception_formatter=plain),
        ]
    common: list[Processor] = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp]
    structlog.configure(
        processors=[*common, *shown],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    theirs = logging.StreamHandler(sys.stderr)
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    theirs.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[without_meta, *shown], foreign_pre_chain=common)
    )
    logging.basicConfig(handlers=[theirs], level=max(level, logging.WARNING), force=True)
