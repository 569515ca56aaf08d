"""Inputs: how what clients send is declared, and how it becomes what a use case takes."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import strawberry

from resolvers.errors import BadQuestion

T = TypeVar("T")


def input(made: Callable[..., Any], *, description: str) -> Callable[[type[T]], type[T]]:
    """Declare an input object of which `made` makes what the use case takes, field by field under the same names."""
    parameters = inspect.signature(made).parameters.values()
    known = {parameter.name for parameter in parameters}
    needed = {parameter.name for parameter in parameters if parameter.default is parameter.empty}

    def declare(cls: type[T]) -> type[T]:
        shown = strawberry.input(cls, description=description)
        names = {field.name for field in fields(shown)}  # type: ignore[arg-type]  # strawberry made it a dataclass
        if not needed <= names <= known:
            raise TypeError(f"{cls.__name__} must have the fields of what it becomes: {', '.join(known)}")
        shown.made = staticmethod(made)  # type: ignore[attr-defined]
        return shown

    return declare


def to_domain(value: Any) -> Any:
    """Hand what a client sent over in the words of the use case, item by item.

    Raises:
        BadQuestion: BAD_ARGUMENT, a text holds the character NUL, which no store can keep.
    """
    if isinstance(value, list):
        return [to_domain(item) for item in value]
    if isinstance(value, str) and "\0" in value:
        raise BadQuestion("BAD_ARGUMENT", "A text must not hold the character NUL (\\u0000).")
    if (made := getattr(type(value), "made", None)) is None:
        return value
    return made(**{field.name: to_domain(getattr(value, field.name)) for field in fields(value)})
