"""Each policy does what its rule says, by hand on a few numbers."""

import numpy as np
import pytest

import galleria.agents.regulator.policies  # noqa: F401  # the policies register themselves
from galleria.agents.couriers.quotes import PromiseSettings
from galleria.agents.couriers.top_up import engaged_hours, top_ups
from galleria.agents.kernel.order import Orders
from galleria.agents.regulator.policy import POLICIES, Ground, Policy, PolicySettings, Ride, Subsidy, parse_policy

GROUND = Ground(np.array([0, 1, 1, 2]), np.array([False, True, False, False]))
"""Places 0 to 3 in zones 0, 1, 1, 2; the mall is place 1, so its zone has places 1 and 2."""
EVERYWHERE = {"from_day": 0, "to_day": None, "phase_in_days": 0, "zones": None}


def policy_of(kind: str, **given: object) -> Policy[PolicySettings]:
    cls = POLICIES[kind]
    schedule = {key: value for key, value in EVERYWHERE.items() if key in cls.Settings.model_fields}
    made: Policy[PolicySettings] = cls(parse_policy("it", {"kind": kind, **schedule, **given}))
    made.survey(GROUND)
    return made


def ride(
    start: list[int],
    door: list[int],
    *,
    km: tuple[float, float] = (0.0, 0.0),
    minutes: float = 0.0,
    store_min: float = 0.0,
    store: int = 1,
    at_s: float = 0.0,
) -> Ride:
    one = np.ones(len(start))
    places = (np.array(start), np.full(len(start), store), np.array(door))
    return Ride(*places, at_s * one, km[0] * one, km[1] * one, minutes * one, store_min * one)


def test_a_pay_floor_pays_minutes_and_miles_or_the_least() -> None:
    floor = policy_of("pay_floor", usd_per_min=0.5, usd_per_mile=1.0, usd_per_offer=5.0, added_fee_usd=4.99)
    short, far = ride([0], [2], minutes=2), ride([0, 0], [2, 2], km=(0.609344, 1.0), minutes=18)
    assert floor.offer(np.array([4.0]), short).tolist() == [5.0]
    assert floor.offer(np.array([4.0, 20.0]), far).tolist() == pytest.approx([10.0, 20.0])


@pytest.mark.parametrize(
    "rule",
    [
        policy_of("pay_floor", usd_per_min=0.5, usd_per_mile=1.0, usd_per_offer=5.0, added_fee_usd=4.99),
        policy_of("hourly_pay", usd_per_h=17.96, usd_per_trip_h=17.96, added_fee_usd=4.99),
        policy_of("commission_cap", cap=0.15, stores="all", added_fee_usd=4.99),
    ],
)
def test_gig_couriers_answer_a_rule_by_a_fee(rule: Policy[PolicySettings]) -> None:
    assert rule.fee(np.array([3.0]), "gig").tolist() == pytest.approx([7.99])
    assert rule.fee(np.array([3.0]), "van").tolist() == [3.0]


def test_a_cap_lowers_what_is_above_it_only() -> None:
    cap = policy_of("commission_cap", cap=0.15, stores="all", added_fee_usd=0.0)
    assert [cap.commission(rate) for rate in (0.1, 0.15, 0.3)] == [0.1, 0.15, 0.15]
    assert [cap.commission_of_independents(rate) for rate in (0.1, 0.15, 0.3)] == [0.1, 0.15, 0.15]


def test_a_cap_for_independents_leaves_chains_alone() -> None:
    cap = policy_of("commission_cap", cap=0.15, stores="independent", added_fee_usd=0.0)
    assert [cap.commission(rate) for rate in (0.1, 0.3)] == [0.1, 0.3]
    assert [cap.commission_of_independents(rate) for rate in (0.1, 0.3)] == [0.1, 0.15]


def test_a_tax_is_due_from_its_basket_on() -> None:
    tax = policy_of("delivery_tax", usd_per_order=0.5, least_basket_usd=100.0, taxed="all", meals=False)
    assert tax.tax(np.array([99.99, 100.0, 150.0]), "van").tolist() == [0.0, 0.5, 0.5]
    gig_tax = policy_of("delivery_tax", usd_per_order=2.0, least_basket_usd=0.0, taxed="gig", meals=True)
    assert gig_tax.tax(np.ones(1), "gig").tolist() == [2.0]
    assert gig_tax.tax(np.ones(1), "van").tolist() == [0.0]


def test_homing_binds_each_driver_to_one_app_or_opens_all() -> None:
    apps = np.array([0b1101, 0b1101, 0b1101, 0b0100])
    assert policy_of("homing", drivers="exclusive").homing(apps).tolist() == [0b0001, 0b0100, 0b1000, 0b0100]
    assert policy_of("homing", drivers="open").homing(apps).tolist() == [0b1101] * 4


def test_an_exclusive_store_stays_with_mall_direct_or_else_with_one_of_its_apps() -> None:
    listed = np.array([[1, 1, 1], [0, 1, 1], [0, 1, 1], [0, 0, 0]], np.bool_)
    kept = policy_of("listing", retailers="exclusive").listing(listed, 0)
    assert kept.astype(int).tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 0]]
    opened = policy_of("listing", retailers="open")
    assert opened.listing(listed, 0) is listed
    assert not opened.allows_exclusivity()


def test_a_cordon_charges_entries_at_its_hours() -> None:
    """Who comes from outside the mall's zone enters it once; who stays inside, or leaves, does not."""
    cordon = policy_of("congestion_charge", zones="malls", usd_per_entry=9.0, usd_per_km=0.0, begins_h=5.0, ends_h=21.0)
    assert cordon.charge(ride([0, 2, 3], [2, 2, 3], at_s=6 * 3600)).tolist() == [9, 0, 9]
    assert cordon.charge(ride([0], [2], at_s=22 * 3600)).tolist() == [0]
    home, mall, km = np.array([0, 2]), np.array([1, 1]), np.ones(2)
    assert cordon.toll(home, mall, km, np.full(2, 5.0 * 3600)).tolist() == [9, 0]
    assert cordon.toll(mall, home, km, np.full(2, 5.0 * 3600)).tolist() == [9, 0]
    assert cordon.tour_charge(0, 100.0, 4.0, np.array([0, 0, 1, 3])) == 9.0
    assert cordon.tour_charge(0, 100.0, 4.0, np.array([1, 2])) == 36.0
    assert cordon.tour_charge(0, 100.0, 4.0, np.array([0, 3])) == 0.0


def test_a_price_by_the_kilometre_counts_half_of_a_way_across_the_border() -> None:
    inside = policy_of("congestion_charge", zones=(1,), usd_per_entry=0.0, usd_per_km=0.5, begins_h=0.0, ends_h=24.0)
    assert inside.charge(ride([0, 2], [2, 3], km=(2.0, 4.0))).tolist() == [0.5 * (1 + 4), 0.5 * (2 + 2)]
    everywhere = policy_of("congestion_charge", usd_per_entry=0.0, usd_per_km=0.5, begins_h=0.0, ends_h=24.0)
    assert everywhere.charge(ride([0], [3], km=(2.0, 4.0))).tolist() == [3.0]
    assert everywhere.toll(np.array([0]), np.array([1]), np.array([3.0]), np.zeros(1)).tolist() == [3.0]
    assert everywhere.tour_charge(0, 100.0, 4.0, np.array([0])) == 50.0
    assert inside.tour_charge(0, 100.0, 4.0, np.array([0, 1])) == 25.0


def test_a_kerb_fee_is_due_at_malls_only() -> None:
    fee = policy_of("curb_fee", usd_per_stop=0.5, usd_per_min=0.1)
    assert fee.charge(ride([0], [2], store_min=6.0)).tolist() == pytest.approx([1.1])
    assert fee.charge(ride([0], [2], store_min=6.0, store=3)).tolist() == [0]
    assert policy_of("curb_fee", zones=(2,), usd_per_stop=0.5, usd_per_min=0.1).charge(ride([0], [2])).tolist() == [0]


def test_the_quicker_promise_and_the_higher_credit_count() -> None:
    promise = policy_of("speed_promise", hours=2.0, credit_usd=5.0)
    assert promise.promise(PromiseSettings(hours=None, credit_usd=0.0)) == PromiseSettings(hours=2.0, credit_usd=5.0)
    assert promise.promise(PromiseSettings(hours=1.0, credit_usd=7.0)) == PromiseSettings(hours=1.0, credit_usd=7.0)


def test_a_subsidy_ends_with_its_budget() -> None:
    subsidy = policy_of("mall_subsidy", usd_per_order=2.0, usd_per_week=100.0, budget_usd=500.0)
    assert subsidy.subsidy(Subsidy(1.0, 0.0), 499.0) == (3.0, 100.0)
    assert subsidy.subsidy(Subsidy(1.0, 0.0), 500.0) == (1.0, 0.0)


def test_shared_data_leaves_less_noise() -> None:
    data = policy_of("data_sharing", noise_left=0.25, shared_earnings=0.8, map_theta_per_usd=0.2)
    assert data.acceptance(2.0) == 0.5
    assert data.shared_earnings(0.0) == 0.8
    assert [data.relocation(theta) for theta in (0.0, 0.5)] == [0.2, 0.5]


def test_electric_kilometres_are_mixed_in_and_never_raise_emissions() -> None:
    mandate = policy_of("ev_mandate", gig_share=0.5, van_share=1.0, gig_kg_per_km=0.05, van_kg_per_km=0.12)
    assert mandate.emission(0.25, "gig") == pytest.approx(0.15)
    assert mandate.emission(0.45, "van") == pytest.approx(0.12)
    assert mandate.emission(0.04, "gig") == 0.04


def test_top_ups_reach_the_floor_on_all_time_on_line() -> None:
    """Ten hours on line, six engaged: 4 h with A, which paid 40 $, and 2 h with B, which paid 100 $."""
    owed = top_ups(18.0, 10.0, np.array([4.0, 2.0, 0.0]), np.array([40.0, 100.0, 0.0]))
    assert owed.tolist() == pytest.approx([18 * 10 * 4 / 6 - 40, 0.0, 0.0])
    assert top_ups(18.0, 10.0, np.zeros(2), np.zeros(2)).tolist() == [0, 0]


def test_a_trip_engages_its_driver_once_however_many_parcels_it_carries() -> None:
    orders = Orders(0)
    rows = np.arange(3)[orders.append(3)]
    orders.trip[rows], orders.courier[rows] = [0, 0, 1], [1, 1, 0]
    orders.accepted_s[rows], orders.delivered_s[rows] = [0, 600, 100], [1800, 3600, 1900]
    assert engaged_hours(orders, rows).tolist() == pytest.approx([0.5, 0.5, 0.5])


def test_nonsense_is_refused_with_its_key() -> None:
    cap = {
        "kind": "commission_cap",
        "from_day": 3,
        "to_day": 3,
        "phase_in_days": 0,
        "cap": 0.1,
        "stores": "all",
        "added_fee_usd": 0.0,
    }
    with pytest.raises(ValueError, match=r"to_day \(3\) must be later than from_day \(3\)"):
        parse_policy("cap", cap)
    with pytest.raises(ValueError, match=r"phase_in_days \(4\) must be fewer than the 4 days"):
        parse_policy("cap", cap | {"to_day": 7, "phase_in_days": 4})
    with pytest.raises(ValueError, match="nobody enters a zone that is the whole city"):
        policy_of("congestion_charge", usd_per_entry=9.0, usd_per_km=0.0, begins_h=0.0, ends_h=24.0)
    with pytest.raises(ValueError, match=r"begins_h \(21\) must be earlier than ends_h \(5\)"):
        policy_of("congestion_charge", usd_per_entry=0.0, usd_per_km=0.1, begins_h=21.0, ends_h=5.0)
