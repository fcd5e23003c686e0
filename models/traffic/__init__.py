"""Hour factors, and congestion by user equilibrium (model 7.8)."""
