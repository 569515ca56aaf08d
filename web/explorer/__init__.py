"""The explorer: GraphiQL from our own port, with tabs that work."""
