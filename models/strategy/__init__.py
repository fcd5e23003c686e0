"""What couriers decide from week to week: fees, entry, exit, and whose drivers deliver (model 7.6)."""
