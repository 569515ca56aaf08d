"""Use case: bring the lines of somebody's file into our books, a batch at a time.

A batch is one transaction: its rows, its events and the mark of how far we are. A bad line is reported and passed
over; whatever kills the process costs the open batch and nothing else.
"""

from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import domain.admission
import domain.events
import domain.imports
import domain.known
from datasources.ports.errors import Rejected
from datasources.ports.imports import Checkpoint, ImportPlace, ImportWork, Written
from domain.events import Event
from domain.imports import Finding, Item, Kind, Line, Outcome, Problem, Tally
from domain.movements import Count
from domain.programmes import Programme
from domain.statuses import Status
from domain.transactions import Transaction
from resolvers import stock_book, transactions

BATCH = 200


@dataclass(frozen=True, slots=True)
class Job:
    """What to read and how: `input` names the content for `resume`, `source` whom the facts come from.

    `programme` is in which members earn points for what they bought.
    """

    input: str
    source: str
    clock: Callable[[], datetime]
    dry_run: bool = False
    resume: bool = False
    programme: Programme | None = None


@dataclass(slots=True)
class Report:
    """What an import did, or a dry run would do. `skipped` lines were done by the run that is resumed."""

    tally: Tally = field(default_factory=Tally)
    findings: list[Finding] = field(default_factory=list)
    done: int = 0
    skipped: int = 0
    stopped_after: str | None = None

    @property
    def problems(self) -> Sequence[Finding]:
        """What kept lines or items out."""
        return [finding for finding in self.findings if not finding.is_warning]

    @property
    def warnings(self) -> Sequence[Finding]:
        """What looks wrong and went in."""
        return [finding for finding in self.findings if finding.is_warning]


async def run(
    place: ImportPlace,
    lines: Iterable[Line],
    job: Job,
    *,
    on_progress: Callable[[int], None] = lambda done: None,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Import lines until they end or `stop()` says so after a batch; `on_progress` hears how many lines are done.

    A dry run does the same work in one transaction and takes all of it back: exact, at the price that other writers
    of the same rows (on SQLite: all writers) wait for it.

    Raises:
        Unavailable: the store went away; what was marked is kept, and `resume` goes on there.
    """
    reading = _Reading(job, on_progress, stop)
    if not job.dry_run:
        return await reading.through(place.work, iter(lines))
    with suppress(_TakenBack):
        async with place.work() as work:
            await reading.through(lambda: _within(work), iter(lines))
            raise _TakenBack
    return reading.report


class _TakenBack(Exception):
    """The end of a dry run."""


@asynccontextmanager
async def _within(work: ImportWork) -> AsyncIterator[ImportWork]:
    yield work


@dataclass(slots=True)
class _Result:
    """What one batch did, kept apart until it is certain."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, line: Line, kinds: Sequence[Kind], problems: Sequence[Problem]) -> None:
        self.outcomes += [(kind, Status.FAILED) for kind in kinds]
        self.findings += [Finding(line.file, problem.line or line.number, problem) for problem in problems]

    def warn(self, line: Line, warnings: Sequence[Problem]) -> None:
        self.findings += [
            Finding(line.file, problem.line or line.number, problem, is_warning=True) for problem in warnings
        ]


class _Reading:
    """One run over one input."""

    def __init__(self, job: Job, on_progress: Callable[[int], None], stop: Callable[[], bool]) -> None:
        self.report = Report()
        self._job = job
        self._on_progress = on_progress
        self._stop = stop
        self._said: dict[Hashable, tuple[str, int]] = {}

    async def through(
        self, begin: Callable[[], AbstractAsyncContextManager[ImportWork]], lines: Iterator[Line]
    ) -> Report:
        if self._job.resume:
            async with begin() as work:
                self._go_on_from(await work.register.checkpoint(self._job.input), lines)
        batch = list(islice(lines, BATCH))
        while batch:
            following = list(islice(lines, BATCH))
            async with begin() as work:
                result = await self._take(work, batch)
                self._keep(result, sum(line.rows for line in batch))
                await work.register.mark(self._checkpoint(is_finished=not following))
            self._on_progress(self.report.done)
            if following and self._stop():
                self.report.stopped_after = batch[-1].place
                break
            batch = following
        return self.report

    def _go_on_from(self, checkpoint: Checkpoint | None, lines: Iterator[Line]) -> None:
        if checkpoint is None:
            return
        passed = 0
        while passed < checkpoint.done and (line := next(lines, None)) is not None:
            self._repeated(line)  # a later line may contradict one of these
            passed += line.rows
        self.report.done = self.report.skipped = checkpoint.done
        self.report.tally = checkpoint.tally
        self._on_progress(self.report.done)

    def _keep(self, result: _Result, lines: int) -> None:
        for kind, status in result.outcomes:
            self.report.tally.add(kind, status)
        self.report.findings += result.findings
        self.report.done += lines

    def _checkpoint(self, *, is_finished: bool) -> Checkpoint:
        return Checkpoint(
            input=self._job.input,
            done=self.report.done,
            tally=self.report.tally,
            is_finished=is_finished,
            updated_at=self._job.clock(),
        )

    async def _take(self, work: ImportWork, batch: Sequence[Line]) -> _Result:
        """Write a batch; where the store cannot hold it, halve it until the line that is at fault stands alone."""
        try:
            async with work.attempt():
                return await self._write(work, batch)
        except Rejected as refusal:
            if len(batch) > 1:
                half = len(batch) // 2
                first, second = await self._take(work, batch[:half]), await self._take(work, batch[half:])
                return _Result(first.outcomes + second.outcomes, first.findings + second.findings)
            result = _Result()
            kinds = [kind for item in batch[0].items for kind in domain.imports.kinds(item)]
            result.refuse(batch[0], kinds, [Problem("line", "REJECTED", f"the database refuses it: {refusal}")])
            return result

    async def _write(self, work: ImportWork, batch: Sequence[Line]) -> _Result:
        result, now = _Result(), self._job.clock()
        sound = [(line, item) for line in batch for item in self._sound(line, result)]
        await self._record(work, sound, result, now)
        known = await work.register.known(domain.known.wanted(item for _, item in sound))
        admitted: list[Item] = []
        for line, item in sound:
            if isinstance(item, Transaction):
                continue
            admission = domain.admission.admit(item, known, now=now)
            result.refuse(line, admission.refused, admission.problems)
            result.warn(line, admission.warnings)
            if admission.item is not None:
                admitted.append(admission.item)
        counts = [item for item in admitted if isinstance(item, Count)]
        written = await work.register.put([item for item in admitted if not isinstance(item, Count)])
        recorded = await stock_book.record(work, counts, source=self._job.source, now=now)
        result.outcomes += [outcome for outcomes in written.outcomes for outcome in outcomes]
        result.outcomes += [(Kind.STOCK, outcome.status) for outcome in recorded]
        await work.tell(_events(written, now))
        return result

    async def _record(
        self, work: ImportWork, sound: Sequence[tuple[Line, Item]], result: _Result, now: datetime
    ) -> None:
        """Take what tills have written down into the history of orders."""
        found = [(line, item) for line, item in sound if isinstance(item, Transaction)]
        programme = self._job.programme
        taken = await transactions.record(work, [item for _, item in found], programme=programme, now=now)
        for (line, _), what in zip(found, taken, strict=True):
            result.outcomes += what.outcomes
            result.refuse(line, (), what.problems)
            result.warn(line, what.warnings)

    def _sound(self, line: Line, result: _Result) -> Iterator[Item]:
        """The items of a line that can be read and that say nothing against an earlier line."""
        result.warn(line, line.warnings)
        if line.problems:
            result.refuse(line, [Kind.LINE], line.problems)
            return
        repeated = self._repeated(line)
        for item, problem in zip(line.items, repeated, strict=True):
            if problem is None:
                yield item
            else:
                result.refuse(line, domain.imports.kinds(item), [problem])

    def _repeated(self, line: Line) -> Sequence[Problem | None]:
        return [self._contradiction(line, item) for item in line.items]

    def _contradiction(self, line: Line, item: Item) -> Problem | None:
        found = None
        for key, content, name in domain.imports.identities(item):
            place, said = self._said.setdefault(key, (line.place, hash(content)))
            if said != hash(content) and place != line.place:
                message = f"{name} was said to be otherwise on line {place}: keep one of the two"
                found = Problem("line", "REPEATED", message)
        return found


def _events(written: Written, now: datetime) -> Sequence[Event]:
    """One event for each thing that looks different now."""
    changed = (
        (domain.events.category_changed, written.category_ids),
        (domain.events.product_changed, written.product_ids),
        (domain.events.price_list_changed, written.price_list_ids),
        (domain.events.location_changed, written.location_ids),
    )
    return [event(id, now) for event, ids in changed for id in sorted(ids)]
