"""The use cases: load, decide, write. They speak domain and have never heard of GraphQL."""
