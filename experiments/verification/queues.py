"""Queues: pickers against Erlang C, Pollaczek and Khinchine, drivers who lose calls against Erlang B (model 10.2).

Waits of a queue are correlated, so the standard error comes from independent replications, each started empty with its
first tenth left out.
"""

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.retailers.retailer import Retailers
from galleria.experiments.verification.findings import Finding, near, of_sample
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.space_laboratory import plane, poisson
from galleria.experiments.verification.towns import laboratory

REPLICATIONS, CUSTOMERS = 20, 20_000


def erlang_b(servers: int, load: float) -> float:
    """Return the share of calls that find all servers busy, by B_c = a B / (c + a B)."""
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = load * blocked / (c + load * blocked)
    return blocked


def erlang_c_wait(servers: int, load: float) -> float:
    """Return the mean wait in units of the mean service, C / (c - a)."""
    blocked, rho = erlang_b(servers, load), load / servers
    return blocked / (1 - rho * (1 - blocked)) / (servers - load)


def waits(servers: int, load: float, cv: float, seed: int) -> Floats:
    """Queue at the pickers of a store; return the mean wait of each replication, in mean services."""
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
    return mean


@row(
    "Q1",
    "constant service, to which the formula is insensitive; no way to the pick-up; who finds nobody idle is lost",
    cases={
        "5 drivers": {"drivers": 5, "load": 4.0, "oracle": 0.199067},
        "10 drivers": {"drivers": 10, "load": 8.0, "oracle": 0.121661},
    },
)
def lost_calls(drivers: int, load: float, oracle: float) -> Finding:
    """Share of orders lost where nobody is idle, Erlang B."""
    if abs(erlang_b(drivers, load) - oracle) > 1e-6:
        raise ValueError(f"the recursion gives {erlang_b(drivers, load)}")
    spot = plane(np.array([0.0, 1.0]), np.zeros(2), 1e7, euclid=True, torus_km=None, days=40)
    lab, lost = laboratory(spot, 0.1, loses=True), np.empty(8)
    for seed in range(len(lost)):
        request_s = poisson(load / 0.1, 4000, np.random.default_rng([21, seed]))
        zero = np.zeros(len(request_s), np.int64)
        seen = lab.run(zero[:drivers], request_s, zero, zero, seed)
        lost[seed] = 1 - seen.served[request_s > HOUR_S].mean()
    return of_sample(lost, oracle, bias=0.0)


@row(
    "Q2",
    "exponential service, Poisson arrivals, first come first served; 20 replications of 20,000 orders",
    cases={
        "1 picker": {"servers": 1, "load": 0.8, "oracle": 4.0},
        "5 pickers": {"servers": 5, "load": 4.0, "oracle": 0.554113},
        "10 pickers": {"servers": 10, "load": 8.0, "oracle": 0.204590},
    },
)
def picking_wait(servers: int, load: float, oracle: float) -> Finding:
    """Mean wait for a picker in mean services, Erlang C."""
    if abs(erlang_c_wait(servers, load) - oracle) > 1e-6:
        raise ValueError(f"the formula gives {erlang_c_wait(servers, load)}")
    return of_sample(waits(servers, load, 1.0, seed=21), oracle, error_below=0.06)


@row("Q3", "one picker at load .8, lognormal service of squared coefficient of variation .25")
def lognormal_wait() -> Finding:
    """Mean wait for one picker in mean services, Pollaczek and Khinchine."""
    return of_sample(waits(1, 0.8, 0.5, seed=22), 2.5, error_below=0.06)


@row(
    "Q3.many",
    "five pickers at load .8; an approximation, simulated elsewhere at .90 to 1.05 of it",
    oracle="approximation by Allen and Cunneen",
    cases={"less varied": {"cv": 0.5}, "more varied": {"cv": 2**0.5}},
)
def general_wait(cv: float) -> Finding:
    """Mean wait for several pickers of lognormal service, (1 + cv^2) / 2 of Erlang C."""
    mean = waits(5, 4.0, cv, seed=23)
    error = float(mean.std(ddof=1) / np.sqrt(len(mean)))
    return near(mean.mean(), (1 + cv**2) / 2 * erlang_c_wait(5, 4.0), share=0.12, error=error)
