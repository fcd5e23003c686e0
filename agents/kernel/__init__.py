"""What all actors share: columns of state, time, noise, orders, roads, and how plugins are found."""
