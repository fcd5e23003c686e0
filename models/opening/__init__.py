"""What stands before the first day: stores, drivers, couriers, constants (model 5)."""
