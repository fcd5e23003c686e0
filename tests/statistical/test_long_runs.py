"""Long runs: a day late in a run costs what an early one does, and ending the run next to nothing."""

import time

import numpy as np

from galleria.agents.kernel.clock import DAY_S
from tests.market_worlds import BUSY_TOY, market_of

WEEKS = 8
ALLOWED = 1.2
"""Cost of a late day against an early one; of days and ending against as many early days."""


def test_days_do_not_become_dearer() -> None:
    """Processor time; the cheapest day of two weeks, as others on the machine only ever add to it."""
    market = market_of(*BUSY_TOY, f"run.days={7 * WEEKS}", "customers.calibration.sample=2000")
    cost_s = []
    for _ in range(7 * WEEKS):
        start_s = time.process_time()
        market.run_for(DAY_S)
        cost_s.append(time.process_time() - start_s)
    start_s = time.process_time()
    market.run_model()
    market.outcome()
    ending_s = time.process_time() - start_s
    early, late = np.array(cost_s[1:15]), np.array(cost_s[-14:])
    assert late.min() <= ALLOWED * early.min()
    assert ending_s <= (ALLOWED - 1) * 7 * WEEKS * early.min()
