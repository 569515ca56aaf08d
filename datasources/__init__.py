"""The world: ports, and the adapters behind them. The only room with sockets and SQL."""
