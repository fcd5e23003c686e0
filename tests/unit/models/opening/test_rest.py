"""A market opens on what its drivers would have learnt in it."""

from pathlib import Path

import numpy as np
import pytest

from galleria.agents.drivers.beliefs import Rates, Weights, settled
from galleria.agents.drivers.labour import shared_rates
from galleria.agents.kernel.arrays import Floats
from galleria.models.simulate import open_market
from tests.market_worlds import BUSY_TOY, city_of, settings_of

TOY = (*BUSY_TOY, "customers.calibration.sample=1000", "drivers.at_rest.days=2", "run.days=1")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path))


def beliefs(*overrides: str, replication: int = 0) -> Floats:
    """Open a market; return what its drivers believe."""
    settings = settings_of(*TOY, *overrides)
    market = open_market(settings, city_of(settings.city), replication)
    return market.world.drivers.belief_usd_per_h


def test_those_work_who_ask_no_more_than_their_share() -> None:
    """Three ask 10, 14 and 25 $: 60 $ are 30 for two, so the third comes in at 25; 24 $ keep two, at 14; 12 $ one."""
    asks = np.repeat(np.array([[14.0], [10.0], [25.0]]), 24, axis=1)
    income = np.zeros(24)
    income[:4] = [60.0, 24.0, 12.0, 9.0]
    rate = shared_rates(asks, income, np.ones(24))
    assert rate[:5].tolist() == pytest.approx([25.0, 14.0, 12.0, 9.0, 0.0])
    assert shared_rates(asks, income, np.full(24, 0.5))[2] == pytest.approx(14.0)


def test_luck_spreads_beliefs_of_those_who_work_and_hearsay_mends_those_of_the_others() -> None:
    """EWMA of rate rho: sd sqrt(rho / (2 - rho)) of a day's luck where all work; none where nobody does."""
    rates = Rates(np.full(24, 20.0), np.full(24, 6.0))
    generator = np.random.default_rng(3)
    noise = [generator.standard_normal((2000, 24)) for _ in range(60)]

    def works_h(belief: Floats) -> Floats:
        hours = np.zeros_like(belief)
        hours[:, :12] = 1.0
        return hours

    belief = settled(rates, works_h, Weights(0.1, 0.1, 0.0), noise.__getitem__, 60)
    assert belief[:, :12].std() == pytest.approx(6 * np.sqrt(0.1 / 1.9), rel=0.02)
    assert belief[:, :12].mean() == pytest.approx(20, abs=0.05)
    assert (belief[:, 12:] == 20).all()


def test_a_rest_is_the_same_whoever_finds_it_and_belongs_to_the_design_point() -> None:
    first = beliefs()
    np.testing.assert_array_equal(first, beliefs("run.days=2", "run.replications=5"))
    other = beliefs(replication=1)
    assert first.shape == other.shape
    assert (first != other).any()
    assert (first != beliefs("couriers.rival_a.pay.base_usd=20.0")).any()


def test_policies_that_begin_later_are_not_in_the_rest_and_those_in_force_are() -> None:
    floor = "policy=min_pay_seattle"
    later = beliefs(floor, "policy.min_pay_seattle.from_day=1", "run.days=2")
    np.testing.assert_array_equal(beliefs(), later)
    assert (beliefs() != beliefs(floor)).any()


def test_without_days_of_rest_a_market_opens_on_the_closed_form() -> None:
    believed = beliefs("drivers.at_rest.days=0")
    assert (believed == believed[0]).all()
