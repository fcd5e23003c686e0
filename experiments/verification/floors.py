"""Floors: the wage floor that free entry can bear, and what top-ups bring (model 10, stability of wage floors)."""

import numpy as np
from scipy.optimize import brentq

from galleria.agents.drivers.labour import LabourSupply
from galleria.agents.pricing.recovery import Recovery
from galleria.agents.regulator.policies.hourly_pay import HourlyPay, HourlyPaySettings
from galleria.agents.regulator.regulator import unregulated
from galleria.experiments.verification.findings import Finding, bound, near, worst
from galleria.experiments.verification.registry import row
from galleria.experiments.verification.worlds import run_of
from galleria.models.money.burden import Burden, DayOfCosts

SUPPLY = LabourSupply(100.0, 15.0, 0.45)
THEOREM = "Asadpour, Lobel and van Ryzin 2023"


def demand(price: float, scale: float) -> float:
    """Return the hours of service wanted at a price."""
    return scale / (1 + float(np.exp(0.2 * (price - 25))))


def highest_floor(scale: float) -> float:
    """Return the theorem's highest floor: w* where the price of most revenue p* <= w*, else H(R(p*)), H = C^-1."""
    prices = np.linspace(1, 100, 40_000)
    peak = float(prices[np.argmax([price * demand(price, scale) for price in prices.tolist()])])
    clears = brentq(lambda wage: demand(wage, scale) - SUPPLY.drivers(wage), 0.1, 99)
    if peak <= clears:
        return float(clears)
    return float(brentq(lambda wage: wage * SUPPLY.drivers(wage) - peak * demand(peak, scale), 0.1, 99))


def can_be_borne(floor: float, scale: float) -> bool:
    """Let drivers come in freely at a floor; tell whether some price of an hour of service brings back their cost."""
    settings = HourlyPaySettings(
        kind="hourly_pay",
        from_day=0,
        to_day=None,
        phase_in_days=0,
        usd_per_h=floor,
        usd_per_trip_h=0.0,
        added_fee_usd=0.0,
    )
    rules, burden = unregulated(), Burden(1)
    rules.in_force = [(HourlyPay(settings), 1.0)]
    one, none, online_h = np.ones(1), np.zeros(1), SUPPLY.drivers(floor)
    burden.learn(DayOfCosts(none, one, one, none, 0.0, online_h), rules, 1.0)
    courier = Recovery(
        orders=lambda price: np.array([min(demand(float(price[0]), scale), online_h)]),
        usd_per_further_order=np.zeros_like,
        usd_per_order=lambda hours: burden.usd_per_order(hours, online_h, rules),
        share=1.0,
        most_usd=99.0,
        step_usd=0.05,
    )
    return not courier.out_of_reach(1)[0]


@row(
    "F1",
    "drivers come in freely, prices in steps of 5 cents; 2 %",
    oracle=THEOREM,
    cases={"tight": {"scale": 400.0}, "slack": {"scale": 40.0}},
)
def floor_that_can_be_borne(scale: float) -> Finding:
    """Highest floor an hour that some price brings back, $."""
    low, high = 1.0, 99.0
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if can_be_borne(middle, scale) else (low, middle)
    return near(low, highest_floor(scale), share=0.02)


def exponential(further_usd: float, fixed_usd: float) -> Recovery:
    """One courier with 100 e^(-x / 4) orders that cost so much each, and so much all together."""
    return Recovery(
        orders=lambda added: np.asarray(100 * np.exp(-0.25 * added)),
        usd_per_further_order=lambda orders: np.full_like(orders, further_usd),
        usd_per_order=lambda orders: np.asarray(further_usd + fixed_usd / orders),
        share=1.0,
        most_usd=10.0,
        step_usd=0.25,
    )


@row("F2", "orders 100 e^(-x / 4), a cost of all together; steps of 25 cents", oracle="400 / e")
def most_that_comes_back() -> Finding:
    """Largest cost of all orders that some addition brings back, $."""
    low, high = 0.0, 1000.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if exponential(0.0, middle).out_of_reach(1)[0] else (middle, high)
    return near(low, 400 / np.e, by=0.01)


@row("F3", "orders 100 e^(-x / 4), a cost of each", oracle="the cost of one more order")
def passed_on() -> Finding:
    """Largest distance of an addition from what an order costs, $."""
    found = [exponential(cost, 0.0).additions(1)[0] for cost in (0.0, 1.55, 3.1)]
    return worst(found, [0.0, 1.55, 3.1], by=1e-4)


TOWN = (
    "city=toy",
    "city.households=400",
    "customers.occasions_per_household_day=1.0",
    "customers.calibration.sample=2000",
    "drivers.pool=60",
    "drivers.reservation.median_usd_per_h=8",
    "run.days=3",
)
HOURLY = ("policy=min_pay_nyc_hourly", "policy.min_pay_nyc_hourly.usd_per_h=40")


@row("F4", "three days of a small town in which every courier owes on every day; floor 40 $ an hour, 2 %")
def topped_up() -> Finding:
    """Pay of all trips with top-ups by hour on line, $."""
    market, _ = run_of(*TOWN, *HOURLY)
    book, hours = market.world.ledger, float(market.world.drivers.online_s.sum()) / 3600
    return near((book.posted_usd("pay") + book.posted_usd("top-up")) / hours, 40, share=0.02)


@row("F4.due", "three days of a small town; floor 40 $ an hour", oracle="the floor binds")
def top_up_is_due() -> Finding:
    """Top-ups over pay by the trip."""
    book = run_of(*TOWN, *HOURLY)[0].world.ledger
    return bound(book.posted_usd("top-up") / book.posted_usd("pay"), "at least", 0.1)


@row("F5", "three days of a small town; a tax of .25 $ an order")
def tax_due() -> Finding:
    """Tax by delivered gig order, $."""
    outcome = run_of(*TOWN, "policy=delivery_fee_co", "policy.delivery_fee_co.usd_per_order=0.25")[1]
    value = outcome.metrics.set_index("metric")["value"]
    return near(value["public_revenue_usd"] / value["orders_delivered"], 0.25, by=1e-6)
