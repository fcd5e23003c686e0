"""Simulated beside published: sign first, then size, and no word where nothing can be told."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from galleria.experiments.report.published import published_section, published_table
from galleria.experiments.report.study import Study


def _study(after: Sequence[float], measured: str, low: float, high: float) -> Study:
    """Make a study of two points and one measure, as far as the table looks at it."""

    class Cube:
        def __contains__(self, metric: str) -> bool:
            return metric == "tip_usd_per_order"

        def at(self, point: int, metric: str) -> Any:
            del metric
            return np.array([[10.0, 20.0, 40.0], after][point])

        def unit(self, metric: str) -> str:
            del metric
            return "$"

    entry = {
        "what": "Tips",
        "metric": "tip_usd_per_order",
        "before": {"x": 0},
        "after": {"x": 1},
        "measured": measured,
        "low": low,
        "high": high,
        "source": "a study",
    }
    results = SimpleNamespace(provenance={"published": [entry]})
    return cast("Study", SimpleNamespace(results=results, cube=Cube(), find=lambda where: where["x"]))


HALVED = [5.1, 10.0, 19.9]


@pytest.mark.parametrize(
    ("after", "measured", "low", "high", "judged"),
    [
        (HALVED, "relative", -0.6, -0.4, "agrees in size"),
        (HALVED, "relative", -0.9, -0.8, "same sign, smaller"),
        (HALVED, "relative", -0.2, -0.1, "same sign, larger"),
        (HALVED, "relative", 0.1, 0.3, "opposite sign"),
        (HALVED, "relative", -0.05, 0.05, "a change where little was published"),
        ([9.0, 23.0, 39.0], "relative", 1.0, 2.0, "no change to be seen"),
        ([9.0, 23.0, 39.0], "relative", 0.005, 0.1, "agrees, sign not sure"),
        ([9.0, 23.0, 39.0], "relative", 0.05, 0.1, "too wide to tell"),
        ([9.0, 23.0, 39.0], "relative", -0.05, 0.1, "agrees in size"),
        ([8.0, 18.1, 37.9], "difference", -2.5, -1.5, "agrees in size"),
        ([5.0, np.nan, np.nan], "relative", 0.1, 0.2, "cannot be told"),
    ],
)
def test_the_judgement_follows_the_interval(
    after: list[float], measured: str, low: float, high: float, judged: str
) -> None:
    [(metric, cells)] = published_table(_study(after, measured, low, high)).rows
    assert metric == "tip_usd_per_order"
    assert cells[3] == judged


def test_the_table_writes_both_with_their_unit() -> None:
    [(_, cells)] = published_table(_study(HALVED, "relative", -0.6, -0.4)).rows
    assert cells[1] == "\u221249.8 [\u221251.4, \u221248.1]\u202f%"
    assert cells[2] == "\u221260 to \u221240\u202f%"
    [(_, cells)] = published_table(_study([8.0, 18.1, 37.9], "difference", -2.0, -2.0)).rows
    assert cells[2] == "\u2212$2"


def test_there_is_no_section_without_published_figures() -> None:
    assert published_section(cast("Study", SimpleNamespace(results=SimpleNamespace(provenance={})))) is None
