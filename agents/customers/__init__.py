"""Households that shop: what is before them, and what they choose (model 7.2)."""
