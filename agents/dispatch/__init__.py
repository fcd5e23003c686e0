"""What a dispatcher decides: which orders go together, and who is asked to carry them (model 7.5)."""
