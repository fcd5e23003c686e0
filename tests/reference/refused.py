"""What the slow model does not know, so that no world is compared that would not be the same."""

from typing import Any

from tests.reference.fleet import RULES

ONLY: dict[str, Any] = {
    "dispatch.own_rules": {},
    "drivers.leave_below_share": 0.0,
    "drivers.vehicles": {},
    "drivers.relocation.theta_per_usd": None,
    "retailers.stock.record_error": 0.0,
    "retailers.stock.record_error_per_further_courier": 0.0,
    "retailers.stock.units": None,
    "strategy.broker": None,
    "strategy.entry": {},
    "strategy.exit": None,
    "strategy.pay": None,
    "strategy.pooled": {},
    "traffic.congestion": None,
    "traffic.emissions": None,
}
"""Settings that it takes with one value only."""

ONLY_OF_COURIERS: dict[str, dict[str, Any]] = {
    "gig": {
        "big_box_chain": None,
        "collects_at": "stores",
        "commission_usd": 0.0,
        "contract.kind": "per_offer",
        "promise.credit_usd": 0.0,
        "promise.hours": None,
        "quality_usd": 0.0,
        "quote.by": "courier",
        "quote.rule": "mean_and_sd",
        "surge.gain": 0.0,
    },
    "van": {
        "commission_usd": 0.0,
        "lag_days": 1,
        "quality_usd": 0.0,
        "seller": "marketplace",
        "tours.background_stops": 0.0,
        "tours.routes": "approximate",
    },
}
"""The same of each courier, by the two ways of fulfilment that it knows."""


def refuse_unknown(settings: dict[str, Any]) -> None:
    """Refuse a world with anything that the slow model does not know, by its name; policies refuse themselves."""
    unknown = [path for path, value in ONLY.items() if at(settings, path) != value]
    if settings["dispatch"]["rule"] not in RULES:
        unknown.append("dispatch.rule")
    for name, courier in settings["couriers"].items():
        if courier["fulfilment"] not in ONLY_OF_COURIERS:
            unknown.append(f"couriers.{name}.fulfilment")
            continue
        only = ONLY_OF_COURIERS[courier["fulfilment"]]
        unknown += [f"couriers.{name}.{path}" for path, value in only.items() if at(courier, path) != value]
    if unknown:
        raise ValueError(f"the slow model does not know {', '.join(unknown)} as set here")


def at(tree: dict[str, Any], path: str) -> Any:
    """Look a setting up by its dotted name."""
    node: Any = tree
    for name in path.split("."):
        node = node[name]
    return node
