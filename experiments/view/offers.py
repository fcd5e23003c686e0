"""What one shopper had to choose from, and why this channel: worth as quoted, and the shopper's own taste."""

from typing import Any

import numpy as np

from galleria.agents.customers.terms import price_usd
from galleria.experiments.report.words import channel_label
from galleria.models.errors import UsageError
from galleria.models.market import Market


def offers_of(market: Market, order: int) -> list[dict[str, Any]]:
    """Return the channels before the shopper who placed an order, the most liked first.

    Dollars are what the channel is worth to this shopper more than buying nothing: by what is offered (utility over the
    price sensitivity), and by this shopper's own taste of the moment, which the model draws. The largest sum is chosen.

    Parameters
    ----------
    market
        That has run; only its last day is still known.
    order
        Row of the order.

    Raises
    ------
    UsageError
        No such order was placed on the last day.
    """
    world, day = market.world, market.today
    orders = world.orders
    if not 0 <= order < orders.count or orders.occasion[order] < day.before:
        raise UsageError("what was offered is known of the orders of the last day only")
    row = int(orders.occasion[order]) - day.before
    occasions = day.occasions
    alpha = float(world.households.price_sensitivity[occasions.household[row]])
    worth = (occasions.utility[row] - occasions.utility[row, -1]) / alpha
    taste = (occasions.noise[row] - occasions.noise[row, -1]) / alpha
    wait_h = day.quote_h[row] + day.choices.drive_h[row]
    found = []
    for number, name in enumerate(world.channels.names):
        is_courier = number < len(day.terms)
        found.append(
            {
                "channel": channel_label(name),
                "price": _known(_beyond_the_goods(market, row, number)) if is_courier else None,
                "minutes": _known(float(wait_h[number]) * 60) if is_courier else None,
                "worth": _known(float(worth[number])),
                "taste": _known(float(taste[number])),
                "chosen": number == int(occasions.choice[row]),
            }
        )
    return sorted(found, key=_liked)


def _beyond_the_goods(market: Market, row: int, courier: int) -> float:
    """Return what a courier's delivery costs a shopper beside the goods at shelf prices, $."""
    day, terms = market.today, market.today.terms[courier]
    basket_usd, store = float(day.occasions.basket_usd[row]), int(day.choices.store[row, courier])
    independent = store >= 0 and bool(market.world.stores.is_independent(np.array([store]))[0])
    markup = float(terms.independents.markup if independent else np.broadcast_to(terms.markup, len(day))[row])
    origin = int(day.choices.origin[row, courier])
    surge_usd = float(day.surge_usd[market.world.city.places.zone[origin], courier])
    rates = (terms.service_rate + markup) * basket_usd
    return float(price_usd(terms)[row]) + surge_usd + rates + float(terms.tax_usd[row]) + terms.tip_usd


def _known(value: float) -> float | None:
    return round(value, 2) if np.isfinite(value) else None


def _liked(offer: dict[str, Any]) -> float:
    """Return what sorts offers: the most liked first, those not to be had last."""
    return np.inf if offer["worth"] is None else -(offer["worth"] + offer["taste"])
