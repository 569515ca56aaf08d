"""`server.py import …`: open an input, show how far the import is, and say what became of every line.

Part of the composition root, as `server.py` is. Ends with 0 when all went in, 1 when some lines did not, 2 when the
input cannot be read at all, 130 when it was stopped.
"""

import asyncio
import csv
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

import compose
import domain.programmes
import preconditions
import resolvers.imports
import resolvers.learning
import resolvers.rfm
import settings
from datasources.files import magento, mapped, pictures, stores, transactions
from datasources.files.reading import Input
from datasources.files.transaction_rows import CURRENCY
from datasources.ports.errors import SourceError
from datasources.ports.imports import Unreadable
from datasources.store.imports import SqlImports
from datasources.store.store import Store
from domain.imports import Finding, Kind
from domain.statuses import Status
from resolvers.imports import Job, Report
from settings import Settings

SHOWN_PROBLEMS, SHOWN_WARNINGS = 20, 5
DONE, FAILED, UNREADABLE, STOPPED = 0, 1, 2, 130

cli = typer.Typer(no_args_is_help=True, help="Bring files into the store: a bad line never stops the file.")
out = Console(soft_wrap=True, highlight=False, markup=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Report exactly what a run would do, and write nothing.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where the last run over the same content stopped.")]
Errors = Annotated[Path | None, typer.Option("--errors", help="Write all problems and warnings into this CSV file.")]
WithProducts = Annotated[
    bool, typer.Option("--with-products", help="Make a product of every code that was sold, and put it on sale.")
]
_REALM = "Whose numbers the invoices and customers have."
Source = Annotated[str, typer.Option("--source", help="Whom facts such as stock counts come from.")]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for."""

    dry_run: bool
    resume: bool
    errors: Path | None
    source: str


@cli.command("magento")
def import_magento(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with categories.csv, products and images.")],
    dry_run: DryRun = False,
    resume: Resume = False,
    errors: Errors = None,
    source: Source = "magento",
) -> None:
    """Import a Magento export: categories, products, prices in USD and pictures."""
    chosen = settings.load()
    ended = _import(chosen, lambda: magento.read(folder, now=compose.utc_now()), Wish(dry_run, resume, errors, source))
    if not dry_run:
        pictures.copy(folder / "images", chosen.media_dir / "magento")
    raise typer.Exit(ended)


@cli.command("stores")
def import_stores(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON list of stores with GCJ-02 positions.")],
    dry_run: DryRun = False,
    resume: Resume = False,
    errors: Errors = None,
    source: Source = "stores",
) -> None:
    """Import the stores of a chain from its public store finder's JSON."""
    raise typer.Exit(_import(settings.load(), lambda: stores.read(file), Wish(dry_run, resume, errors, source)))


@cli.command("csv")
def import_csv(
    file: Annotated[Path, typer.Argument(metavar="INPUT", help="CSV or xlsx file.")],
    map_path: Annotated[Path, typer.Option("--map", metavar="FILE.toml", help="Which column is which field.")],
    dry_run: DryRun = False,
    resume: Resume = False,
    errors: Errors = None,
    source: Source = "csv",
) -> None:
    """Import stock counts, products, prices or stores from any table, by a mapping."""
    wish = Wish(dry_run, resume, errors, source)
    raise typer.Exit(_import(settings.load(), lambda: mapped.read(file, map_path=map_path), wish))


@cli.command("transactions")
def import_transactions(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv.gz", help="Log of invoices and cancellations, as CSV.")],
    with_products: WithProducts = False,
    dry_run: DryRun = False,
    resume: Resume = False,
    errors: Errors = None,
    source: Annotated[str, typer.Option("--source", help=_REALM)] = "online-retail",
) -> None:
    """Import what was bought: members, orders, returns, points, and what goes well together."""
    chosen, wish = settings.load(), Wish(dry_run, resume, errors, source)
    if chosen.currency != CURRENCY:
        err.print(f"Points are counted in {chosen.currency} and these prices are in {CURRENCY}: nobody earns any.")
    reader = partial(transactions.read, file, realm=source, with_products=with_products)
    raise typer.Exit(_import(chosen, reader, wish))


def _import(chosen: Settings, read: Callable[[], Input], wish: Wish) -> int:
    """Run an import, say what became of it, and return what the process is to end with."""
    try:
        found = read()
        if wish.errors is not None:
            _write_errors(wish.errors, [])  # a path that cannot be written is better known now
    except Unreadable as unreadable:
        err.print(f"Cannot read the input. {unreadable}")
        raise typer.Exit(UNREADABLE) from None
    except OSError as failure:
        err.print(f"Cannot write {wish.errors}: {failure.strerror}")
        raise typer.Exit(UNREADABLE) from None
    preconditions.migrated(chosen.database_url)
    try:
        report = asyncio.run(_run(chosen, found, wish))
    except SourceError as failure:
        err.print(f"The store went away ({failure}). What was done is kept: go on with --resume.")
        return FAILED
    _show(report, wish)
    if report.stopped_after is not None:
        return STOPPED
    return FAILED if report.tally.failed else DONE


async def _run(chosen: Settings, found: Input, wish: Wish) -> Report:
    place = SqlImports(chosen.database_url)
    programme = domain.programmes.named(domain.programmes.usual(chosen.currency), None)
    job = Job(found.id, wish.source, compose.utc_now, dry_run=wish.dry_run, resume=wish.resume, programme=programme)
    try:
        with _progress(found.total) as on_progress, _until_interrupted() as stop:
            report = await resolvers.imports.run(place, found.lines, job, on_progress=on_progress, stop=stop)
    finally:
        await place.close()
    if not wish.dry_run and report.stopped_after is None and _has_history(report):
        await _look_again(chosen.database_url)
    return report


def _has_history(report: Report) -> bool:
    return any(report.tally.of(kind)[Status.CREATED] for kind in (Kind.ORDER, Kind.RETURN))


async def _look_again(url: str) -> None:
    """Let those look at all orders who learn from them; members are compared as of the last order."""
    store = Store(url)
    try:
        with err.status("learning what is bought together"):
            await store.recommender.learn(baskets=resolvers.learning.BASKETS)
        with err.status("comparing members by what they bought"):
            if (as_of := await store.orders.last_completed_at()) is not None:
                await resolvers.rfm.recompute(store.rfm, as_of)
    finally:
        await store.close()


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("importing"), BarColumn(), MofNCompleteColumn(), TextColumn("lines"), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def _until_interrupted() -> Iterator[Callable[[], bool]]:
    """Ctrl-C asks to stop after the batch; a second one stops at once, and the open batch leaves no trace."""
    asked = False

    def ask(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def _show(report: Report, wish: Wish) -> None:
    if wish.resume and report.skipped:
        out.print(f"Went on after {report.skipped} lines that were done; the table counts those too.")
    table = Table("", *(status.value.lower() for status in Status))
    for kind, counts in report.tally.rows():
        table.add_row(kind.value, *(str(counts[status] or "·") for status in Status))
    out.print(table)
    _list("problems", report.problems, SHOWN_PROBLEMS, wish)
    _list("warnings", report.warnings, SHOWN_WARNINGS, wish)
    if wish.errors is not None:
        _write_errors(wish.errors, report.findings)
    if wish.dry_run:
        out.print("This was a dry run: nothing was written.")
    if report.stopped_after is not None:
        kept = (
            "Nothing was written." if wish.dry_run else "All of that is kept: go on with the same command and --resume."
        )
        out.print(f"Stopped after {report.stopped_after}, {report.done} lines done. {kept}")


def _list(what: str, findings: Sequence[Finding], shown: int, wish: Wish) -> None:
    if not findings:
        return
    out.print(f"{len(findings)} {what}:")
    for finding in findings[:shown]:
        place = f"{finding.file}:{finding.line}" if finding.file else str(finding.line)
        out.print(f"  {place} {finding.problem.field}: {finding.problem.message}")
    if len(findings) > shown:
        where = f"all are in {wish.errors}" if wish.errors else "--errors FILE writes all of them"
        out.print(f"  … and {len(findings) - shown} more; {where}")


def _write_errors(path: Path, findings: Sequence[Finding]) -> None:
    """Write findings for a spreadsheet program: with a byte order mark, and no cell that it would compute."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "line", "field", "severity", "code", "message"))
        for finding in findings:
            severity = "warning" if finding.is_warning else "error"
            texts = (finding.file, finding.problem.field, finding.problem.message)
            name, field, message = (f"'{text}" if text.startswith(("=", "+", "-", "@")) else text for text in texts)
            writer.writerow((name, finding.line, field, severity, finding.problem.code, message))
