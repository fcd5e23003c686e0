"""The words of the report: names of metrics and players, numbers with their units."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

NARROW = "\u202f"
MINUS = "\u2212"

_CHANNELS = MappingProxyType(
    {
        "mall_direct": "Mall direct",
        "warehouse": "Warehouse",
        "rival_a": "Rival A",
        "rival_b": "Rival B",
        "store_mall": "Trip to mall",
        "store_big_box": "Trip to big box",
        "none": "No purchase",
        "warehouse_gig": "Warehouse, gig drivers",
        "buy_with_prime": "Buy with Prime",
        "usps": "USPS",
        "ups": "UPS",
        "doordash": "DoorDash",
        "walmart_delivery": "Walmart delivery",
        "walmart_pickup": "Walmart pick-up",
        "target_delivery": "Target delivery",
        "target_pickup": "Target pick-up",
        "best_buy_delivery": "Best Buy delivery",
        "best_buy_pickup": "Best Buy pick-up",
    }
)

_PROPER_NAMES = ("Rival", "Buy", "DoorDash", "Instacart", "Walmart", "Target", "Best")

_PHRASES = MappingProxyType(
    {
        # metric -> (phrase inside a sentence, title of a figure, whether the phrase is plural)
        "orders_placed": ("orders placed", "Orders placed", True),
        "orders_delivered": ("orders delivered", "Orders delivered", True),
        "orders_cancelled": ("cancelled orders", "Orders cancelled", True),
        "orders_open": ("orders still open at the end", "Orders still open", True),
        "orders_rivals": ("orders of rival couriers", "Orders of rival couriers", True),
        "orders_mall_direct": ("mall-direct orders", "Mall-direct orders", True),
        "orders_gig": ("orders of gig drivers", "Orders of gig drivers", True),
        "warehouse_orders": ("warehouse orders", "Warehouse orders", True),
        "gain_of_joining_usd": ("a store's gain of joining", "A store's gain of joining", False),
        "loss_to_neighbours_usd": ("neighbours' loss by one store's joining", "Neighbours' loss by a joining", False),
        "profit_usd_per_joined_store": ("profit per store that joined", "Profit per store that joined", False),
        "profit_usd_per_not_joined_store": (
            "profit per store that did not join",
            "Profit per store that did not join",
            False,
        ),
        "consumer_surplus_quoted_usd": ("consumer surplus as quoted", "Consumer surplus as quoted", False),
        "gig_km_per_order": ("drivers' kilometres per order", "Drivers' kilometres per order", True),
        "occasions": ("shopping occasions", "Shopping occasions", True),
        "consumer_surplus_usd": ("consumer surplus", "Consumer surplus", False),
        "driver_surplus_usd": ("driver surplus", "Driver surplus", False),
        "retailer_profit_usd": ("retailers' profit", "Profit of retailers", False),
        "retailer_profit_joined_usd": (
            "profit of stores that joined",
            "Profit of stores that joined",
            False,
        ),
        "retailer_profit_not_joined_usd": (
            "profit of stores that did not join",
            "Profit of stores that did not join",
            False,
        ),
        "platform_profit_usd": ("platform profit", "Platform profit", False),
        "rival_profit_usd": ("rivals' profit", "Profit of rivals", False),
        "big_box_profit_usd": ("big-box profit", "Profit of big boxes", False),
        "seller_profit_usd": ("on-line sellers' profit", "Profit of on-line sellers", False),
        "public_revenue_usd": ("public revenue", "Public revenue", False),
        "external_cost_usd": ("external cost", "External cost", False),
        "welfare_usd": ("welfare", "Welfare", False),
        "driver_gross_usd_per_online_h": (
            "drivers' gross hourly earnings",
            "Driver gross hourly earnings",
            True,
        ),
        "driver_net_usd_per_online_h": ("drivers' net hourly earnings", "Driver net hourly earnings", True),
        "driver_net_usd_per_engaged_h": (
            "drivers' net earnings per engaged hour",
            "Driver net earnings",
            True,
        ),
        "pay_usd_per_order": ("pay of an order", "Couriers' pay to drivers per order", False),
        "tip_usd_per_online_h": ("tips of an hour on line", "Tips per hour on line", True),
        "orders_per_online_h": ("orders delivered in an hour on line", "Orders delivered per hour on line", True),
        "deadhead_km_per_order": (
            "kilometres without a parcel per order",
            "Kilometres without a parcel per order",
            True,
        ),
        "driver_utilisation": ("driver utilisation", "Driver utilisation", False),
        "drivers_online_mean": ("drivers on line", "Drivers on line", True),
        "pickup_min_mean": ("mean time to pick-up", "Mean time to pick-up", False),
        "delivery_min_mean": ("mean delivery time", "Mean delivery time", False),
        "delivery_min_p50": ("median delivery time", "Median delivery time", False),
        "delivery_min_p90": ("nine-tenths delivery time", "Nine-tenths delivery time", False),
        "on_time_share": ("the share delivered on time", "Delivered on time", False),
        "bundle_size_mean": ("mean bundle size", "Mean bundle size", False),
        "deadhead_share": ("the dead-head share", "Dead-head share of kilometres", False),
        "vkt_km": ("vehicle kilometres", "Vehicle kilometres", True),
        "vkt_gig_empty_km": ("drivers' kilometres without a parcel", "Drivers' kilometres without a parcel", True),
        "vkt_gig_loaded_km": ("drivers' kilometres with parcels", "Drivers' kilometres with parcels", True),
        "vkt_van_km": ("vans' kilometres", "Vans' kilometres", True),
        "vkt_own_trip_km": ("kilometres of customers' own trips", "Kilometres of customers' own trips", True),
        "vkt_km_per_order": ("vehicle kilometres per order", "Vehicle kilometres per order", True),
        "co2_kg": ("CO2 emissions", "CO2 emissions", True),
        "mall_visits": ("mall visits", "Mall visits", True),
        "opt_in_share": ("mall opt-in", "Mall opt-in", False),
        "hhi_delivery": ("concentration among delivery platforms", "Concentration (HHI, delivery)", False),
        "hhi_all": ("concentration with stores", "Concentration (HHI, all)", False),
        "tip_usd_per_order": ("tips per order", "Tips per order", True),
        "gini_driver_earnings": ("inequality of driver earnings", "Gini of driver earnings", False),
    }
)


@dataclass(frozen=True)
class Unit:
    """How numbers of a unit are written.

    Attributes
    ----------
    before, after
        What stands before and after the number.
    scale
        What the number is multiplied with before it is written.
    difference
        What stands after a difference, where that is another word (percentage points).
    """

    before: str = ""
    after: str = ""
    scale: float = 1.0
    difference: str | None = None

    @property
    def after_difference(self) -> str:
        """What stands after a difference."""
        return self.after if self.difference is None else self.difference


def unit_of(unit: str, metric: str = "") -> Unit:
    """Read a unit as the model writes it ("$/day", "1/day", "min", "-").

    The metric's name says what the unit leaves open: whether a plain number is a share (written in per cent), and
    which hours are meant.
    """
    whole, _, per = unit.replace("USD", "$").partition("/")
    for kind in ("online", "engaged"):
        per = f"{kind} h" if metric.endswith(f"_per_{kind}_h") else per
    if whole == "share" or (whole in {"", "-"} and _is_share(metric)):
        return Unit(after=f"{NARROW}%", scale=100.0, difference=" percentage points")
    if whole == "$":
        return Unit(before="$", after=_per(per))
    if whole in {"", "1", "-"} or whole in {"orders", "occasions", "visits"}:
        return Unit(after=_per(per))
    return Unit(after=f" {whole}{_per(per)}")


def _is_share(metric: str) -> bool:
    return metric.startswith("share_") or metric.endswith(("_share", "_utilisation"))


def _per(per: str) -> str:
    words = {"": "", "day": " a day", "h": " an hour", "hour": " an hour"}
    words |= {"online h": " per online hour", "engaged h": " per engaged hour"}
    return words.get(per, f" per {per}")


def metric_phrase(metric: str) -> tuple[str, bool]:
    """Return a metric's name as a part of a sentence, and whether it takes a plural verb."""
    if metric in _PHRASES:
        phrase, _, plural = _PHRASES[metric]
        return phrase, plural
    for prefix, words, plural in (
        ("share_", "share of", False),
        ("orders_", "orders of", True),
        ("fee_", "fee of", False),
        ("all_in_usd_", "price in all at", False),
        ("value_of_order_usd_", "worth of an order to", False),
        ("days_unrecovered_share_", "days without a fee that recovers costs of", True),
        ("profit_", "profit of", False),
    ):
        if metric.startswith(prefix):
            player = channel_label(metric.removeprefix(prefix).removesuffix("_usd"))
            return f"{words} {lower_first(player)}", plural
    return metric.removesuffix("_usd").replace("_", " "), False


def metric_title(metric: str, unit: str) -> str:
    """Return a metric's name and unit as the title of a figure."""
    title = _PHRASES[metric][1] if metric in _PHRASES else upper_first(metric_phrase(metric)[0])
    shape = unit_of(unit, metric)
    words = f"{shape.before}{shape.after}".replace(NARROW, "").strip()
    return title if not words else f"{title} ({words})"


def channel_label(channel: str) -> str:
    """Return the name of a channel or courier."""
    return _CHANNELS.get(channel, upper_first(channel.replace("_", " ")))


def upper_first(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Begin with a small letter, unless the first word is an abbreviation or ends in one (Rival A)."""
    first = text.split(" ", maxsplit=1)[0]
    named = (first.isupper() and first != "A") or first in _PROPER_NAMES
    return text if named else text[:1].lower() + text[1:]


def decimals_for(half_width: float, mean: float) -> int:
    """Return the decimals that show the interval with two figures, or the mean with three without one."""
    known = np.isfinite(half_width) and half_width > 0
    size, figures = (half_width, 1) if known else (abs(mean), 2)
    if not np.isfinite(size) or size == 0:
        return 0
    return int(np.clip(figures - np.floor(np.log10(size)), 0, 6))


def number(value: float, decimals: int) -> str:
    """Write a number with thousands apart and a true minus sign; "-" for what is not known."""
    if not np.isfinite(value):
        return "\u2013"
    text = f"{value:,.{decimals}f}"
    return "0" if float(text.replace(",", "")) == 0 and decimals == 0 else text.replace("-", MINUS)


def signed(value: float, decimals: int) -> str:
    """Write a number with its sign."""
    text = number(value, decimals)
    return text if text.startswith((MINUS, "\u2013")) or float(text.replace(",", "")) == 0 else f"+{text}"


def signed_interval(mean: float, low: float, high: float, decimals: int) -> str:
    """Write a difference and its interval, where there is one: +5 [2, 8]."""
    ends = f" [{number(low, decimals)}, {number(high, decimals)}]" if np.isfinite(low) and low != high else ""
    return f"{signed(mean, decimals)}{ends}"


def signed_amount(value: float, decimals: int, unit: Unit) -> str:
    """Write a difference with its sign before the unit: +$865."""
    text = signed(value, decimals)
    return f"{text[0]}{unit.before}{text[1:]}" if text[0] in {"+", MINUS} else f"{unit.before}{text}"


def level(value: object, unit: str | None) -> str:
    """Write the level of a factor: 0.2 with the unit "share" as 20 %."""
    if isinstance(value, bool | np.bool_):
        return "on" if value else "off"
    if not isinstance(value, int | float | np.number):
        return spaced(str(value))
    if unit in {"share", "fraction"}:
        return f"{100 * float(value):.4g}{NARROW}%"
    plain = f"{float(value):,.6g}" if abs(float(value)) < 1e6 else f"{float(value):,.0f}"
    return f"${plain}" if unit is not None and unit.startswith(("USD", "usd", "$")) else plain


def spaced(name: str) -> str:
    """Write the name of a choice as words: min_pay_seattle+pass_through as min pay seattle + pass through."""
    return re.sub(r"\s*\+\s*", " + ", name.replace("_", " "))


def level_in_words(value: object, unit: str | None) -> str:
    """Write the level of a factor with its unit."""
    text = level(value, unit)
    numeric = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not numeric or unit is None or unit in {"share", "fraction"}:
        return text
    if text.startswith("$"):
        return f"{text}{_per(unit.partition('/')[2])}"
    return f"{text} {unit}"


def listing(words: Mapping[str, str]) -> str:
    """Write "a: b, c: d"."""
    return ", ".join(f"{lower_first(name)}: {value}" for name, value in words.items())
