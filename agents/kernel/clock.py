"""Seconds of an hour and of a day, days of a week."""

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
DAYS_PER_WEEK = 7
DAYS_PER_MONTH = 365.25 / 12
