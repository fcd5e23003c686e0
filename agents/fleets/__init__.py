"""Who delivers for a courier: gig drivers, pooled drivers, vans, or the customer's own car (model 7.5, 7.7)."""
