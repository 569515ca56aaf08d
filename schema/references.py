"""References: types that point back to what they hang on, named here before they are there."""

from typing import Annotated

import strawberry

VariantReference = Annotated["Variant", strawberry.lazy("schema.catalog")]  # type: ignore[name-defined]  # noqa: F821
"""A variant, on what a variant has itself: strawberry finds it when the schema is built."""
