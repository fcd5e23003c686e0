"""Where the actors meet, and when: the city, the clock, the market and its accounts."""
