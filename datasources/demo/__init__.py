"""The demo's merchant: an invented clothing house in three cities, the same on every machine, and its day's trade."""
