"""Whether a meal is ordered, and of whom: as usual at usual prices and waits, and as the record says beside."""

import numpy as np
import pytest

from galleria.agents.customers.choice import Nests, log_sum, probabilities
from galleria.agents.customers.meals import MealChoiceSettings, MealDemand, meal_demand
from tests.market_worlds import settings_of

WEIGHTS = np.array([1.0, 2.0, 0.0])


def choice() -> MealChoiceSettings:
    meals = settings_of("meals=us_2024").meals
    assert meals is not None
    return meals.choice


def demand(*dearer_usd: float, weights: tuple[float, ...] = (1.0, 1.0)) -> MealDemand:
    return meal_demand(choice(), np.array(weights), np.array([dearer_usd]))


def orders(found: MealDemand) -> list[float]:
    """Return each courier's orders over all at the reference."""
    return list((found.ratio[:, None] * found.pull / found.pull.sum(axis=1, keepdims=True))[0])


def test_at_usual_prices_and_waits_as_many_are_ordered_to_the_bit() -> None:
    usual = demand(0.0, 0.0, 0.0, weights=(1.0, 2.0, 0.0))
    assert usual.ratio.tolist() == [1.0]
    assert usual.gain_usd.tolist() == [0.0]
    assert usual.pull.tolist() == [[1.0, 2.0, 0.0]]


def test_a_dollar_on_all_fees_loses_what_the_record_says() -> None:
    """The market loses 7 to 14 %; a courier's own dollar loses it more."""
    everywhere, alone = demand(1.0, 1.0), demand(1.0, 0.0)
    assert -0.14 < everywhere.ratio[0] - 1 < -0.07
    assert orders(alone)[0] / 0.5 < everywhere.ratio[0]
    assert orders(alone)[1] > 0.5


def test_ten_minutes_more_lose_one_courier_a_tenth_to_a_fifth() -> None:
    late_usd = choice().value_of_wait_usd_per_h / 6
    assert -0.20 < orders(demand(late_usd, 0.0))[0] / 0.5 - 1 < -0.10


def test_it_is_the_nested_logit_with_constants_inverted() -> None:
    """Constants of the closed form at which shares are as observed give the same answers and gains of consumers."""
    settings, weights = choice(), WEIGHTS[:2] / 3
    alpha, lam, share = settings.price_sensitivity_per_usd, settings.dissimilarity, settings.ordered_share
    constants = np.append(np.log(share / (1 - share)) + lam * np.log(weights), 0.0)
    nests = Nests(np.array([0, 0, 1]), np.array([lam, 1.0]))
    np.testing.assert_allclose(probabilities(constants[None], nests)[0], [*(share * weights), 1 - share])
    for dearer in ([1.0, 1.0], [3.0, -2.0], [-4.0, 0.5]):
        utility = (constants - alpha * np.array([*dearer, 0.0]))[None]
        found = meal_demand(settings, WEIGHTS[:2], np.array([dearer]))
        np.testing.assert_allclose(share * np.array(orders(found)), probabilities(utility, nests)[0, :2], rtol=1e-12)
        gain = (log_sum(utility, nests) - log_sum(constants[None], nests)) / alpha
        np.testing.assert_allclose(found.gain_usd, gain, rtol=1e-9)


def test_the_worth_of_an_order_is_what_consumers_would_lose_without_it() -> None:
    """Of all occasions the gain over no couriers at all, shared by those that end in an order."""
    found, settings = demand(1.5, 0.0), choice()
    without_usd = np.log1p(-settings.ordered_share) / settings.price_sensitivity_per_usd
    ordered = settings.ordered_share * found.ratio
    assert found.worth_usd * ordered == pytest.approx(found.gain_usd - without_usd)


def test_nobody_there_draws_nobody() -> None:
    nobody = demand(0.0, 0.0, weights=(0.0, 0.0))
    assert nobody.ratio.tolist() == [1.0]
    assert nobody.pull.tolist() == [[0.0, 0.0]]
