"""Run `dbt build` with a bar that shows how far it is; where nobody watches (a log), a line for each tenth.

    python scripts/build.py [options of dbt build]

The bar goes to standard error; what dbt and publishing say stays as under `dbt build --quiet`.
"""

import sys
from threading import Lock

from dbt.cli.main import dbtRunner
from tqdm import tqdm


def say(text: str) -> None:
    """Write a line in one go."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


class Progress:
    """Follows dbt's events: how many steps there are, and how many have ended."""

    def __init__(self) -> None:
        """Begin before dbt has said how many steps there are."""
        self.bar: tqdm | None = None
        self.tenths_told = 0
        # dbt tells of steps in two threads.
        self.turn = Lock()

    def __call__(self, event) -> None:
        """Take one event of dbt."""
        with self.turn:
            self._take(event)

    def _take(self, event) -> None:
        """Show what follows from an event; of all but a few nothing does."""
        name = event.info.name
        if name == "LogStartLine" and self.bar is None:
            self.bar = tqdm(total=event.data.total, desc="Building and testing", unit="step", leave=False, disable=None)
        elif name == "NodeFinished" and self.bar is not None and self.bar.n < self.bar.total:
            if self.bar.disable:
                self.bar.n += 1
                self._tell_tenth()
            else:
                self.bar.update()
            if self.bar.n == self.bar.total:
                self.close()
                say("Finishing")

    def _tell_tenth(self) -> None:
        """Say so where another tenth of the steps has ended."""
        tenths = 10 * self.bar.n // self.bar.total
        if tenths > self.tenths_told:
            self.tenths_told = tenths
            say(f"{self.bar.n} of {self.bar.total} steps built and tested")

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()


def main() -> int:
    """Build; the exit code is that of `dbt build`: 0, 1 where a step failed, 2 where dbt could not run."""
    say("Reading the project")
    progress = Progress()
    done = dbtRunner(callbacks=[progress]).invoke(["build", "--quiet", *sys.argv[1:]])
    progress.close()
    return 0 if done.success else 2 if done.exception else 1


if __name__ == "__main__":
    sys.exit(main())
