"""One file for each way of fulfilment: what differs between couriers, and what they answer."""
