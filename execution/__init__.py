"""The engine's room: GraphQL operations, compiled once and run breadth-first in columns. Knows nothing of commerce."""
