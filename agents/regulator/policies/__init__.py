"""The policies: one file each, found by the name they register (model 8)."""

from galleria.agents.regulator.policies import (
    commission_cap,
    congestion_charge,
    curb_fee,
    data_sharing,
    delivery_tax,
    ev_mandate,
    fee_limits,
    homing,
    hourly_pay,
    listing,
    log_in_cap,
    mall_subsidy,
    pass_through,
    pay_floor,
    speed_promise,
    tip_prompt,
)

__all__ = [
    "commission_cap",
    "congestion_charge",
    "curb_fee",
    "data_sharing",
    "delivery_tax",
    "ev_mandate",
    "fee_limits",
    "homing",
    "hourly_pay",
    "listing",
    "log_in_cap",
    "mall_subsidy",
    "pass_through",
    "pay_floor",
    "speed_promise",
    "tip_prompt",
]
