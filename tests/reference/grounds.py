"""What worlds are made of: places, crowds, hurry, meals."""

SMALL_GRID = (
    "city=grid",
    "city.nodes_per_side=9",
    "city.spacing_km=1.0",
    "city.households=150",
    "city.home_places=60",
    "city.big_boxes.rows=2",
    "city.big_boxes.columns=1",
    "city.big_boxes.spacing_km=4.0",
    "customers.occasions_per_household_day=2.0",
    "drivers.pool=60",
    "couriers.mall_direct.service_radius_km=5.0",
)
CROWDED = (
    "customers.observed_share.mall_direct=0.20",
    "customers.observed_share.warehouse=0.10",
    "customers.observed_share.rival_a=0.20",
    "customers.observed_share.rival_b=0.15",
    "customers.observed_share.store_mall=0.10",
    "customers.observed_share.store_big_box=0.10",
    "customers.observed_share.none=0.15",
    "retailers.big_box.pickers=6",
    "dispatch.candidates=2",
    "dispatch.age_weight=2.0",
)
"""Half of all shoppers want a gig driver: couriers compete for drivers, orders for the nearest."""

IMPATIENT = (
    "couriers.rival_a.patience_h=0.05",
    "couriers.rival_b.patience_h=0.05",
    "couriers.rival_a.observed.preparation_min=12.0",
    "couriers.rival_b.observed.preparation_min=12.0",
    "couriers.rival_a.longest_wait_min=1500",
    "couriers.rival_b.longest_wait_min=1500",
    "drivers.acceptance_scale_usd=6.0",
    "retailers.big_box.pickers=1",
)
"""Customers give up soon, drivers decline often, one picker a big box: orders queue and are cancelled."""

MEALS = (
    "meals=us_2024",
    "meals.orders_per_household_day=0.5",
    "meals.restaurants_per_1000_households=20",
    "drivers.pool=60",
)
"""Restaurant meals on the same drivers."""
