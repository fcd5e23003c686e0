"""The picking queue against queueing theory: Erlang C, Pollaczek and Khinchine (model Q2, Q3).

Waits of a queue are correlated, so the standard error comes from independent replications, each started empty with its
first tenth left out.
"""

import numpy as np
import pytest

from agents.retailers.retailer import Retailers

REPLICATIONS, CUSTOMERS = 20, 20_000


def erlang_c_wait(servers: int, load: float) -> float:
    """Return the mean wait in units of the mean service, C / (c - a), by the recursion of Erlang B."""
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = load * blocked / (c + load * blocked)
    rho = load / servers
    return blocked / (1 - rho * (1 - blocked)) / (servers - load)


def waits(servers: int, load: float, cv: float, seed: int) -> tuple[float, float]:
    """Simulate; return the mean wait of the replications and its standard error, in mean services."""
    rng = np.random.default_rng(seed)
    mean = np.empty(REPLICATIONS)
    for k in range(REPLICATIONS):
        placed = np.cumsum(rng.exponential(1 / load, CUSTOMERS))
        if cv == 1:
            service = rng.standard_exponential(CUSTOMERS)
        else:
            sd_log = np.sqrt(np.log1p(cv**2))
            service = np.exp(sd_log * rng.standard_normal(CUSTOMERS) - sd_log**2 / 2)
        stores = Retailers(1, courier=1)
        stores.picker_free_s = [[0.0] * servers]
        ready = stores.pick(np.zeros(CUSTOMERS, np.int64), placed, service)
        mean[k] = (ready - placed - service)[CUSTOMERS // 10 :].mean()
    return float(mean.mean()), float(mean.std(ddof=1) / np.sqrt(REPLICATIONS))


def test_the_formula_gives_the_oracles() -> None:
    oracles = {(1, 0.8): 4.0, (5, 4.0): 0.554113, (10, 8.0): 0.204590}
    for (servers, load), expected in oracles.items():
        assert erlang_c_wait(servers, load) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.8), (5, 4.0), (10, 8.0)])
def test_exponential_pickers_wait_as_erlang_said(servers: int, load: float) -> None:
    mean, error = waits(servers, load, 1.0, seed=21)
    expected = erlang_c_wait(servers, load)
    assert abs(mean - expected) < 4 * error
    assert error < 0.06 * expected


def test_one_lognormal_picker_waits_as_pollaczek_and_khinchine_said() -> None:
    """Rho 0.8 and squared coefficient of variation 0.25: 0.8 / 0.2 x 1.25 / 2 = 2.5 services."""
    mean, error = waits(1, 0.8, 0.5, seed=22)
    assert abs(mean - 2.5) < 4 * error
    assert error < 0.15
