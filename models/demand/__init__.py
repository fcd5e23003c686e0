"""Who shops, when and for what, and what a day's shopping leaves behind (model 7.1)."""
