"""The ledger, and what is booked when (model 10.1)."""
