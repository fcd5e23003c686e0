"""Couriers: what they post, quote and top up (model 7.5, 7.6)."""
