"""Seconds of an hour and of a day."""

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
