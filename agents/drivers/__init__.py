"""Gig drivers: when they work, which offers they accept, where they wait (model 7.4)."""
