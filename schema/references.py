"""References: types that point back to what they hang on, named here before they are there."""

from typing import Annotated

import strawberry

MemberReference = Annotated["Member", strawberry.lazy("schema.members")]  # type: ignore[name-defined]  # noqa: F821
VariantReference = Annotated["Variant", strawberry.lazy("schema.catalog")]  # type: ignore[name-defined]  # noqa: F821
"""A member or a variant, on what they have themselves: strawberry finds them when the schema is built."""
