"""What the command line asks of batches, and whether it fits together; the work itself is in `batches`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer.batch.repair import Repair
from interviewer.cli import options, wiring
from interviewer.errors import UsageError
from interviewer.settings import Settings

if TYPE_CHECKING:
    from interviewer.cli.many import Budgets
    from interviewer.cli.sources import Table


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to do with batches: submit a file, tell how they stand, or collect. repair: None is not given."""

    file: str | None
    output: Path | None
    submits: bool
    tells: bool
    collects: bool
    repair: Repair | None

    @property
    def is_batch(self) -> bool:
        """Whether batches are asked for at all; a --repair alone is a mistake that is told."""
        return self.submits or self.tells or self.collects or self.repair is not None

    def refuse_unfit(self, *, pending: bool, is_direct: bool, has_table: bool, has_calibration: bool) -> None:
        """Raise UsageError for options that do not go together.

        is_direct: something is said of grading one by one. has_table: of the input's format.
        """
        if pending or self.submits + self.tells + self.collects != 1:
            raise UsageError(
                "give one of --batch, --batch-status and --batch-collect, without --pending",
                hint="`interviewer grade FILE --batch -o OUT` begins.",
            )
        if options.named_file(self.output) is None:
            raise UsageError("batches need -o: their state is kept beside that file", hint="Add -o OUT.")
        if self.submits != (self.file is not None):
            raise UsageError(
                "--batch needs FILE; --batch-status and --batch-collect know it",
                hint="Give FILE with --batch alone.",
            )
        if is_direct:
            raise UsageError("--concurrency and --engine say nothing to a batch", hint="Leave them away.")
        if has_table and not self.submits:
            raise UsageError("--format and --columns belong to --batch", hint="Leave them away.")
        if (has_calibration or self.repair is not None) and not self.collects:
            raise UsageError(
                "--calibration and --repair belong to --batch-collect", hint="Leave them away for now."
            )

    def work(
        self, settings: Settings, table: Table, budgets: Budgets, calibration: Path | None, *, quiet: bool
    ) -> None:
        """Do it. Raises UsageError if the settings name no language model."""
        if wiring.kind_of(settings) != "llm":
            raise UsageError(
                "only a language model is asked in batches", hint="Leave --grader away and name a service."
            )
        from interviewer.cli.batches import collect_batches, start_batches, tell_batches

        if self.output is None:
            return
        if self.submits and self.file is not None:
            start_batches(settings, self.file, self.output, table, quiet=quiet)
        elif self.tells:
            tell_batches(settings, self.output)
        else:
            collect_batches(
                settings,
                self.output,
                repair=self.repair or Repair.DIRECT,
                budgets=budgets,
                calibration=calibration,
                quiet=quiet,
            )
