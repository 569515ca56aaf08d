"""The store that tests of this room open."""

from tests.worlds import store as store
