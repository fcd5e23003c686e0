"""The fit on models whose answer is known: a market of Poisson counts, and one that moments cannot tell."""

import numpy as np
import pandas as pd
import pytest

from galleria.experiments.calibration.descent import slopes
from galleria.experiments.calibration.evaluations import Evaluations, NeedsRuns
from galleria.experiments.calibration.fit import Fit, fit
from galleria.experiments.calibration.inference import draws, infer
from galleria.experiments.calibration.problem import Problem
from galleria.experiments.calibration.tables import identification_table, moment_table, parameter_table
from galleria.experiments.design.designs import DesignSettings, enumerate_points
from galleria.experiments.design.factors import FactorSettings, Value
from galleria.experiments.statistics.intervals import Floats
from galleria.models.errors import UsageError

RANGES = {
    "size": FactorSettings(low=20, high=200, scale="log"),
    "share": FactorSettings(low=0.1, high=0.9),
    "hours": FactorSettings(low=2, high=12),
}
REPLICATIONS = 8


def market(point: dict[str, Value], first: int, replications: int) -> Floats:
    """Return buyers, guests and hours of a toy market, float64[replications, 3]: counts that jump, noise that stays."""
    size, share, hours = (float(str(point[key])) for key in RANGES)
    rows = []
    for replication in range(first, first + replications):
        rng = np.random.default_rng(replication)
        arrivals = rng.uniform(size=2000)  # the same shoppers at every point
        buyers = np.sum(arrivals[rng.uniform(size=2000) < size / 250] < share)
        guests = np.sum(arrivals < size / 250)
        rows.append([buyers, guests, hours + rng.normal(0, 0.5)])
    return np.array(rows, dtype=float)


def cell(table: pd.DataFrame, row: str, column: str) -> float:
    """Return a number of a table."""
    return float(table[column].to_dict()[row])


def design(values: Floats, errors: Floats, names: tuple[str, ...] = ("buyers", "guests", "hours")) -> DesignSettings:
    moments = {name: {"value": value, "se": se} for name, value, se in zip(names, values, errors, strict=True)}
    return DesignSettings.model_validate(
        {
            "kind": "calibrate",
            "moments": moments,
            "relative_se": 0.05,
            "factors": {},
            "baseline": None,
            "points": 16,
            "rounds": 2,
            "batch": 4,
            "starts": 2,
            "steps": 8,
            "step": 0.05,
            "draws": 50,
            "seed": 1,
        }
    )


def fitted(asked: DesignSettings, run: object = market, number: int = 0) -> tuple[Fit, int]:
    """Fit as the sweep does: run what is asked for until nothing is; return the fit and how many points were run."""
    problem = Problem.of(asked, RANGES)
    first = enumerate_points(asked, RANGES, {key: factor.at(0.5) for key, factor in RANGES.items()})
    first = problem.points(problem.shares(first))
    known: dict[tuple[Value, ...], Floats] = {}
    proposed: dict[int, Floats] = {}
    while True:
        try:
            return fit(problem, Evaluations(problem, known, proposed), asked, first), len(known)
        except NeedsRuns as needs:
            known |= {tuple(point.values()): run(point, 100 * number, REPLICATIONS) for point in needs.points}  # type: ignore[operator]


def data(planted: dict[str, Value], number: int, days: int = 20) -> tuple[Floats, Floats]:
    """Return moments and standard errors of data that no fit has seen."""
    seen = market(planted, 100_000 + 100 * number, days)
    return seen.mean(axis=0), seen.std(axis=0, ddof=1) / np.sqrt(days)


PLANTED: dict[str, Value] = {"size": 70.0, "share": 0.4, "hours": 6.0}


def test_planted_parameters_come_back() -> None:
    found, points = fitted(design(*data(PLANTED, 0)))
    table = parameter_table(found, infer(found), PLANTED).set_index("key")
    for key, value in PLANTED.items():
        assert abs(cell(table, key, "fitted") - float(str(value))) < 3 * cell(table, key, "se")
        assert cell(table, key, "se") < 0.2 * float(str(value))
    assert points < 100
    assert infer(found).condition < 100


def test_intervals_hold_planted_parameters_about_as_often_as_they_say() -> None:
    held, n = 0, 40
    rng = np.random.default_rng(5)
    for number in range(n):
        planted = {key: factor.at(float(rng.uniform(0.2, 0.8))) for key, factor in RANGES.items()}
        asked = design(*data(planted, number)).model_copy(update={"rounds": 0, "starts": 1})
        found, _ = fitted(asked, number=number)
        table = parameter_table(found, infer(found), planted)
        inside = (table["ci_low"] < table["start"]) & (table["start"] < table["ci_high"])
        held += int(inside.sum())
    # 120 intervals; one replication's parameters hang together, so the bound is the 90 to 98 %.
    assert 0.90 <= held / (3 * n) <= 0.98


def test_a_parameter_that_no_moment_tells_keeps_its_range_and_is_told() -> None:
    def blind(point: dict[str, Value], first: int, replications: int) -> Floats:
        return market({**point, "hours": 6.0}, first, replications)

    found, _ = fitted(design(*data(PLANTED, 0)), blind)
    inference = infer(found)
    table = parameter_table(found, inference, PLANTED).set_index("key")
    assert inference.blind
    assert np.abs(inference.weakest).argmax() == 2
    assert (cell(table, "hours", "ci_low"), cell(table, "hours", "ci_high")) == (2, 12)
    assert np.isnan(cell(table, "hours", "se"))
    assert cell(table, "share", "se") < 0.1
    sample = draws(found, inference, 400, 1)
    assert sample[:, 2].std() == pytest.approx(np.sqrt(1 / 12), rel=0.15)


def test_each_parameter_is_moved_by_the_moment_that_tells_it() -> None:
    found, _ = fitted(design(*data(PLANTED, 0)))
    table = identification_table(found, infer(found)).pivot_table(index="key", columns="measure", values="influence")
    assert table.abs().loc["hours"].idxmax() == "hours"
    assert cell(table, "hours", "hours") == pytest.approx(
        1, abs=0.05
    )  # a step of one moment moves one parameter as far
    assert table.abs().loc["size"].idxmax() == "guests"
    assert cell(table, "share", "buyers") > 0 > cell(table, "share", "guests")


def test_draws_have_the_spread_of_the_standard_errors_and_stay_within_the_ranges() -> None:
    found, _ = fitted(design(*data(PLANTED, 0)))
    inference = infer(found)
    sample = draws(found, inference, 500, 1)
    assert sample.min() >= 0
    assert sample.max() <= 1
    assert sample.std(axis=0) == pytest.approx(inference.errors, rel=0.15)
    assert (draws(found, inference, 500, 1) == sample).all()


def test_moments_are_set_beside_their_targets() -> None:
    values, errors = data(PLANTED, 0)
    asked = design(values, errors)
    found, _ = fitted(asked)
    table = moment_table(found, asked)
    assert table["target"].to_numpy() == pytest.approx(values)
    assert np.abs(table["off_in_se"]).max() < 3
    assert table["simulated"].to_numpy() == pytest.approx(market(found.point, 0, REPLICATIONS).mean(axis=0))


def test_points_that_failed_are_left_and_a_moment_that_is_never_measured_is_told() -> None:
    def half(point: dict[str, Value], first: int, replications: int) -> Floats:
        seen = market(point, first, replications)
        return np.full_like(seen, np.nan) if float(str(point["size"])) > 80 else seen

    found, _ = fitted(design(*data(PLANTED, 0)), half)
    assert float(str(found.point["size"])) == pytest.approx(70, rel=0.1)

    def never(point: dict[str, Value], first: int, replications: int) -> Floats:
        seen = market(point, first, replications)
        seen[:, 1] = np.nan
        return seen

    with pytest.raises(UsageError, match="no point measured guests"):
        fitted(design(*data(PLANTED, 0)), never)


def test_slopes_are_those_of_straight_lines() -> None:
    values, errors = np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.5, 0.5])
    weights = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 0.0], [3.0, 0.0, -1.0]])
    problem = Problem.of(design(values, errors), {key: FactorSettings(low=0, high=10) for key in "abc"})
    known: dict[tuple[Value, ...], Floats] = {}
    for at in (0.0, 0.3, 1.0):
        for _ in range(2):  # asked for, then known
            try:
                found, _ = slopes(Evaluations(problem, known), np.full(3, at), 0.05, "slopes", both=True)
            except NeedsRuns as needs:
                rows = {
                    tuple(point.values()): weights @ np.array(list(point.values()), float) for point in needs.points
                }
                known |= {key: np.tile(row, (2, 1)) for key, row in rows.items()}
        assert found == pytest.approx(weights * 10 / 0.5)
