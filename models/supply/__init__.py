"""Who delivers and sells: hired drivers, stores on mall-direct (model 7.3, 7.4)."""
