"""What pricing desks decide: fees and pay, alone or against others (model 7.6)."""
