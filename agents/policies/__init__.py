"""The policies: one file each, found by the name they register (model 8)."""

from agents.policies import commission_cap, delivery_tax, homing, pay_floor

__all__ = ["commission_cap", "delivery_tax", "homing", "pay_floor"]
