"""The few words every topic shares: how a field is bound to what gives its value, and how its arguments are told.

A field is declared once, here, for both executors: its metadata is what the breadth-first engine reads, its
resolver is how strawberry's own executor reaches the same function.
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import Annotated, Any

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

import execution.loaders
from domain.viewers import Role, Scope
from resolvers.context import Context
from resolvers.errors import NotAllowed
from schema.inputs import to_domain

Resolve = Callable[..., Awaitable[Any]]
Scopes = Scope | tuple[Scope, ...] | None
"""The right that a field needs; of several, any one: what is a member's own, and staff do for them."""
Watch = Callable[..., AsyncGenerator[Any, None]]


@dataclass(frozen=True, slots=True)
class Argument:
    """What GraphQL calls an argument: its description, and its type where that is not the resolver's own."""

    description: str
    type: Any = None
    name: str | None = None


def plain(description: str, *, attribute: str | None = None) -> Any:
    """Serve an attribute of the domain object, by the field's own name unless another is given."""
    if attribute is None:
        return strawberry.field(description=description)
    return derived(attrgetter(attribute), description=description)


def derived(compute: Callable[[Any], Any], *, description: str) -> Any:
    """Serve a pure function of the domain object."""

    def per_object(root: Any) -> Any:
        return compute(root)

    return strawberry.field(resolver=per_object, description=description, metadata={"derived": compute})


def batch(resolve: Resolve, *, description: str, scope: Scopes = None, **arguments: str | Argument) -> Any:
    """Bind a field to `async resolve(ctx, objects, **arguments)`, one result per object.

    The arguments are the keyword-only parameters of `resolve`; each must be described. An input object is handed
    over as what it becomes (`schema.inputs`). With a scope, the field is refused to viewers who lack it.
    """
    name = f"{resolve.__module__}.{resolve.__qualname__}"

    async def bound(ctx: Context, objects: Sequence[Any], **given: Any) -> Sequence[Any]:
        check(ctx, scope)
        translated = {key: to_domain(value) for key, value in given.items()}
        results: Sequence[Any] = await resolve(ctx, objects, **translated)
        return results

    async def per_object(root: Any, info: strawberry.Info, **given: Any) -> Any:
        def resolve_here(ctx: Any, objects: Sequence[Any]) -> Awaitable[Sequence[Any]]:
            return bound(ctx, objects, **given)

        ctx = info.context
        if root is None:
            return (await execution.loaders.call(resolve_here, ctx, [None], name=name))[0]
        key = (name, scope, repr(given))  # a field that anybody may ask must not answer for one that few may
        return await execution.loaders.loader(ctx.loaders, key, ctx, resolve_here, name=name).load(root)

    per_object.__signature__ = _signature(resolve, arguments)  # type: ignore[attr-defined]
    return strawberry.field(
        resolver=per_object,
        description=description,
        metadata={"batch": bound, "name": name, "scope": scope, "size": "first" if "first" in arguments else None},
    )


def subscription(watch: Watch, *, description: str, scope: Scopes = None, **arguments: str | Argument) -> Any:
    """Bind a subscription to `watch(ctx, **arguments)`, which gives what is told, one after the other.

    Arguments and scope are as a batch field's; the scope is looked at when the stream is opened.
    """

    def opened(root: Any, info: strawberry.Info, **given: Any) -> AsyncGenerator[Any, None]:
        check(info.context, scope)
        return watch(info.context, **{key: to_domain(value) for key, value in given.items()})

    opened.__signature__ = _signature(watch, arguments)  # type: ignore[attr-defined]
    return strawberry.subscription(resolver=opened, description=description)


def check(ctx: Context, scope: Scopes) -> None:
    """Let a viewer through who holds the scope, or one of them.

    Raises:
        NotAllowed: UNAUTHENTICATED for guests, FORBIDDEN for others.
    """
    needed = scope if isinstance(scope, tuple) else (scope,) if scope is not None else ()
    if not needed or any(map(ctx.viewer.may, needed)):
        return
    named = " or ".join(one.value for one in needed)
    if ctx.viewer.role is Role.GUEST:
        raise NotAllowed("UNAUTHENTICATED", f"Sign in with a token that carries {named}.")
    raise NotAllowed("FORBIDDEN", f"This needs {named}, which your token does not carry.")


def enum(kind: type[Enum], description: str, *, name: str | None = None, **values: str) -> None:
    """Show an enum of the domain, every value described; by another name where its own says too little by itself."""
    if set(values) != set(kind.__members__):
        raise TypeError(f"describe exactly the values of {kind.__name__}: {', '.join(kind.__members__)}")
    strawberry.enum(kind, name=name, description=description)
    definition: StrawberryEnumDefinition = kind.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values[value.name]


def view(kind: type | tuple[type, ...], *, description: str, name: str | None = None) -> Callable[[type], type]:
    """Declare a type as the view of a domain class, so that interfaces and unions find it."""

    def declare(cls: type) -> type:
        def is_type_of(_: type, obj: Any, info: Any) -> bool:
            return isinstance(obj, kind)

        is_type_of.classes = kind  # type: ignore[attr-defined]  # the engine asks once per class, not per object
        cls.is_type_of = classmethod(is_type_of)  # type: ignore[attr-defined]
        return strawberry.type(cls, name=name, description=description)

    return declare


def _signature(resolve: Callable[..., Any], arguments: dict[str, str | Argument]) -> inspect.Signature:
    """`(root, info, …)` and the described keyword-only parameters of `resolve`: what strawberry reads."""
    own = [p for p in inspect.signature(resolve).parameters.values() if p.kind is p.KEYWORD_ONLY]
    if {p.name for p in own} != set(arguments):
        raise TypeError(f"describe exactly the arguments of {resolve.__qualname__}: {', '.join(p.name for p in own)}")
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    head = [
        inspect.Parameter("root", positional),
        inspect.Parameter("info", positional, annotation=strawberry.Info),
    ]
    return inspect.Signature([*head, *(_described(p, arguments[p.name]) for p in own)])


def _described(parameter: inspect.Parameter, told: str | Argument) -> inspect.Parameter:
    argument = Argument(told) if isinstance(told, str) else told
    annotation = argument.type or parameter.annotation
    described = strawberry.argument(description=argument.description, name=argument.name)
    return parameter.replace(annotation=Annotated[annotation, described])
