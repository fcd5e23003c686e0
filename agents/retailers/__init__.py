"""Stores and malls: their state, and whether they join an app (model 7.3)."""
