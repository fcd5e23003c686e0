"""The regulator: policies, and what they change of offers, fees, access and accounts (model 8)."""
