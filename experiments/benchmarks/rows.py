"""One measured figure and what it is meant to be."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A figure.

    Attributes
    ----------
    part
        Of the table: parts, growth, replications, start.
    what
        In words.
    figure
        As measured.
    unit
        Its unit.
    least, most
        What it is meant to be; None where nothing is promised.
    orders
        Gig orders of the day that was timed; None for what is of no single day.
    """

    part: str
    what: str
    figure: float
    unit: str
    least: float | None = None
    most: float | None = None
    orders: float | None = None

    @property
    def target(self) -> str:
        """The target in words; empty where there is none."""
        if self.least is not None:
            return f"at least {self.least:,g}"
        return "" if self.most is None else f"at most {self.most:,g}"

    @property
    def verdict(self) -> str:
        """Whether the target is met, and if not by what factor it is missed."""
        if self.least is not None:
            return "met" if self.figure >= self.least else f"missed by a factor of {self.least / self.figure:#.2g}"
        if self.most is not None:
            return "met" if self.figure <= self.most else f"missed by a factor of {self.figure / self.most:#.2g}"
        return ""

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return asdict(self) | {"target": self.target, "verdict": self.verdict}
