"""The store that tests of this room open, and the clock that they wind."""

from tests.resolvers.reserving import clock as clock
from tests.resolvers.signing import house as house
from tests.worlds import store as store
