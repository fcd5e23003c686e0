"""Who joins, who is open, when an order is packed."""

import numpy as np

from galleria.agents.retailers.retailer import BIG_BOX, Retailers, join_by_share, opens_at, order_by_category
from tests.market_worlds import settings_of

MALL = np.array([0, 0, 0, 0, 1, 1, 1, 1, BIG_BOX])


def test_the_share_of_each_mall_joins_and_big_boxes_always() -> None:
    priority = np.array([0.4, 0.1, 0.3, 0.2, 0.9, 0.8, 0.7, 0.6, 0.5])
    joined = join_by_share(priority, MALL, 0.5)
    assert np.flatnonzero(joined).tolist() == [1, 3, 6, 7, 8]
    assert join_by_share(priority, MALL, 0.0).tolist() == [False] * 8 + [True]
    assert join_by_share(priority, MALL, 1.0).all()
    of_each = join_by_share(priority, MALL, np.array([0.25, 0.75]))
    assert np.flatnonzero(of_each).tolist() == [1, 5, 6, 7, 8]


def test_categories_join_in_proportion_and_by_the_lot_within() -> None:
    """Four stores of one kind and two of another: places 1/8, 3/8, 5/8, 7/8 and 1/4, 3/4 of the way."""
    mall, category = np.zeros(6, np.int16), np.array([1, 0, 0, 1, 0, 0])
    uniform = np.array([0.3, 0.9, 0.2, 0.8, 0.5, 0.1])
    priority = order_by_category(mall, category, uniform)
    assert np.argsort(priority).tolist() == [5, 0, 2, 4, 3, 1]
    assert sorted(priority.tolist()) == [(k + 0.5) / 6 for k in range(6)]


def test_at_every_share_no_category_is_much_more_than_a_store_behind() -> None:
    """Divisor methods may miss the quota by more than one, rarely and by little."""
    rng = np.random.default_rng(3)
    mall, category = np.repeat([0, 1], 40), np.tile(np.repeat(np.arange(6), [14, 6, 5, 5, 5, 5]), 2)
    priority = order_by_category(mall, category, rng.random(80))
    of_kind = np.bincount(category[:40])
    for joins in range(41):
        joined = join_by_share(priority, mall, joins / 40)
        covered = np.bincount(category[joined & (mall == 1)], minlength=6)
        assert covered.sum() == joins
        assert np.abs(covered - of_kind * joins / 40).max() < 1.25


def test_stores_are_open_from_opening_until_before_closing_on_every_day() -> None:
    mall = settings_of("city=toy").retailers.mall
    hours = np.array([9.99, 10.0, 20.49, 20.5, 20.99, 21.0, 24 + 9.0, 24 + 12.0])
    assert opens_at(mall, hours * 3600, 0.0).tolist() == [False, True, True, True, True, False, False, True]
    assert opens_at(mall, hours * 3600, 30.0).tolist() == [False, True, True, False, False, False, False, True]


def test_orders_queue_for_the_picker_who_is_free_first() -> None:
    """Two pickers, four orders at once of 10, 20, 5, 5: the third starts at 10, the fourth at 15."""
    stores = Retailers(1, courier=1)
    stores.picker_free_s = [[0.0, 0.0]]
    ready = stores.pick(np.zeros(4, np.int64), np.zeros(4), np.array([10.0, 20.0, 5.0, 5.0]))
    assert ready.tolist() == [10, 20, 15, 20]
    assert stores.pick(np.array([0]), np.array([100.0]), np.array([7.0])).tolist() == [107]


def test_stores_do_not_share_pickers() -> None:
    stores = Retailers(2, courier=1)
    stores.picker_free_s = [[0.0], [0.0]]
    assert stores.pick(np.array([0, 1]), np.zeros(2), np.array([9.0, 9.0])).tolist() == [9, 9]


def test_each_kind_of_store_hires_its_pickers() -> None:
    stores = Retailers(2, courier=1)
    stores.mall[:] = [0, BIG_BOX]
    stores.hire(settings_of("city=toy").retailers)
    assert [len(pickers) for pickers in stores.picker_free_s] == [2, 6]
