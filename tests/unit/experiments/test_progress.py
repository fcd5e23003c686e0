"""The bar of a sweep says nothing of time before a run has ended."""

import pytest

from galleria.experiments.sweep.progress import Tally, _pace


@pytest.mark.parametrize(
    ("done", "failed", "seconds", "words"),
    [
        (5, 0, 100.0, ""),
        (7, 0, 100.0, "0.0/s, 0:02:30 left"),
        (6, 1, 1.0, "2.0/s, 0:00:02 left, [red]1 failed[/red]"),
        (10, 0, 10.0, "0.5/s, 0:00:00 left"),
    ],
)
def test_pace(done: int, failed: int, seconds: float, words: str) -> None:
    assert _pace(Tally(done, failed), Tally(5, 0), planned=10, seconds=seconds) == words
