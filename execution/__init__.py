"""The engine's room: how operations are executed. Knows nothing of commerce.

Until the breadth-first engine stands, strawberry's executor serves, through the loaders kept here.
"""
