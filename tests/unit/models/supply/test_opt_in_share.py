"""The share of stores on mall-direct is said in one place, refused in two and where there is no mall-direct."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.errors import UsageError
from galleria.models.market import Market
from galleria.models.settings.validation import validate
from tests.market_worlds import BUSY_TOY, city_of, market_of, settings_of


def listed(market: Market, name: str) -> int:
    stores = market.world.stores
    return int(stores.listed[stores.mall != BIG_BOX, market.world.channels.number(name)].sum())


def without_mall_direct(**opt_in: Any) -> dict[str, Any]:
    tree = deepcopy(settings_of(*BUSY_TOY).model_dump(mode="json"))
    del tree["couriers"]["mall_direct"]
    shares = tree["customers"]["observed_share"]
    shares["none"] += shares.pop("mall_direct")
    tree["retailers"]["opt_in"] |= opt_in
    return tree


def test_the_share_is_read_from_the_stores_settings_and_is_else_the_observed_one() -> None:
    assert listed(market_of(*BUSY_TOY), "mall_direct") == 20
    assert listed(market_of(*BUSY_TOY, "couriers.mall_direct.observed.listed_share=0.25"), "mall_direct") == 10
    chosen = market_of(*BUSY_TOY, "retailers.opt_in.share=0.8")
    assert (listed(chosen, "mall_direct"), listed(chosen, "rival_a")) == (32, 20)


def test_a_share_said_in_two_places_is_refused() -> None:
    with pytest.raises(UsageError, match=r"couriers\.mall_direct\.listed_share = 0\.3: .*retailers\.opt_in\.share"):
        settings_of(*BUSY_TOY, "couriers.mall_direct.listed_share=0.3", "retailers.opt_in.share=0.8")
    with pytest.raises(UsageError, match=r"couriers\.rival_a\.listed_share is missing"):
        settings_of(*BUSY_TOY, "couriers.rival_a.listed_share=null")


def test_a_market_without_mall_direct_runs() -> None:
    settings = validate(without_mall_direct())
    outcome = Market(settings, city_of(settings.city), 0).run()
    value = outcome.metrics.set_index("metric")["value"]
    assert value["orders_delivered"] > 0
    assert np.isnan(value["opt_in_share"])


@pytest.mark.parametrize("given", [{"share": 0.4}, {"mode": "equilibrium"}, {"mode": "logit_dynamic"}])
def test_opting_in_to_a_mall_direct_that_is_not_there_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"there is no courier mall_direct that stores could join"):
        validate(without_mall_direct(**given))
