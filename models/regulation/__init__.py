"""What policies need done day by day (model 8)."""
