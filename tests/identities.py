"""The identities L1 to L5 of model 10.1 on a finished run, as the verification's rows see them."""

import numpy as np
import pytest

from galleria.experiments.verification.identities import (
    CENT,
    clock_gaps_s,
    effects_before_causes,
    km_gaps,
    lost_orders,
    on_two_trips,
    stays_s,
    unbalanced_units,
    welfare_gap_usd,
)
from galleria.models.market import Market
from galleria.models.measures.outcome import Outcome


def check_identities(market: Market, outcome: Outcome) -> None:
    """Check all of them."""
    assert not lost_orders(market, outcome).any()
    assert clock_gaps_s(market).max(initial=0.0) < 1e-5
    np.testing.assert_allclose(km_gaps(market), 0.0, atol=1e-9)
    assert not on_two_trips(market).any()
    assert unbalanced_units(market) == 0
    assert welfare_gap_usd(market, outcome) < CENT
    integral, total = stays_s(market)
    assert integral == pytest.approx(total, rel=1e-9)
    assert not effects_before_causes(market).any()
