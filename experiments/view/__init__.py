"""The live city: a day of the market to be watched, from its event log."""
