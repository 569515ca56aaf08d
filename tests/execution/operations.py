"""Random valid operations over any schema: aliases, arguments, fragments on any type, `@skip` and `@include`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import graphql
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLSchema,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import strategies as st

MOST_DEPTH = 4


@dataclass(frozen=True)
class Operation:
    """A document and the variables to run it with."""

    text: str
    variables: Mapping[str, Any]


@dataclass
class _Writing:
    """What is being written: fragments met so far, and which of the two Boolean variables are used."""

    schema: GraphQLSchema
    draw: st.DrawFn
    values: Mapping[str, st.SearchStrategy[str]]
    fragments: list[str] = field(default_factory=list)
    is_conditional: bool = False

    def selections(self, type: GraphQLNamedType, depth: int) -> str:
        count = self.draw(st.integers(1, 4))
        return "{ " + " ".join(self.selection(type, depth) for _ in range(count)) + " }"

    def selection(self, type: GraphQLNamedType, depth: int) -> str:
        kinds = ["field", "field", "field", "field", "typename", "inline", "spread"]
        kind = self.draw(st.sampled_from(kinds if depth < MOST_DEPTH else ["typename"]))
        if kind == "inline":
            on = self.draw(st.sampled_from([None, *self._overlapping(type)]))
            condition = f" on {on.name}" if on else ""
            return f"...{condition}{self.directives()} {self.selections(on or type, depth + 1)}"
        if kind == "spread":
            return self.spread(self.draw(st.sampled_from(self._overlapping(type))), depth)
        return f"__typename{self.directives()}" if kind == "typename" else self.field(type, depth)

    def spread(self, type: GraphQLNamedType, depth: int) -> str:
        body = self.selections(type, depth + 1)
        self.fragments.append(f"fragment F{len(self.fragments)} on {type.name} {body}")
        spread = f"...F{len(self.fragments) - 1}"
        again = f" {spread}" if self.draw(st.booleans()) else ""
        return f"{spread}{self.directives()}{again}"

    def field(self, type: GraphQLNamedType, depth: int) -> str:
        fields = getattr(type, "fields", None)
        if not fields:
            return "__typename"
        name = self.draw(st.sampled_from(sorted(fields)))
        definition = fields[name]
        arguments = self.arguments(definition.args)
        # Equal aliases mean equal fields and arguments, so that whatever is drawn can be merged (§5.3.2).
        alias = self.draw(st.sampled_from(["", "x", "y"]))
        told = f"({arguments})" if arguments else ""
        key = f"{alias}{name}{hash(arguments) % 9973}: " if alias or arguments else ""
        inner = graphql.get_named_type(definition.type)
        below = f" {self.selections(inner, depth + 1)}" if is_composite_type(inner) else ""
        return f"{key}{name}{told}{self.directives()}{below}"

    def arguments(self, arguments: Mapping[str, Any]) -> str:
        written = []
        for name, argument in arguments.items():
            if graphql.is_required_argument(argument) or self.draw(st.booleans()):
                written.append(f"{name}: {self.value(argument.type)}")
        return ", ".join(written)

    def value(self, type: GraphQLInputType) -> str:
        if is_non_null_type(type):
            return self.value(type.of_type)
        if is_list_type(type):
            return "[" + ", ".join(self.value(type.of_type) for _ in range(self.draw(st.integers(0, 2)))) + "]"
        if isinstance(type, GraphQLEnumType):
            value: str = self.draw(st.sampled_from(sorted(type.values)))
            return value
        if isinstance(type, GraphQLInputObjectType):
            return "{ " + self.arguments(type.fields) + " }"
        return self.draw(self.values[graphql.get_named_type(type).name])

    def directives(self) -> str:
        kind = self.draw(st.sampled_from(["", "", "", "", "skip", "include"]))
        if not kind:
            return ""
        value = self.draw(st.sampled_from(["true", "false", "$p", "$q"]))
        self.is_conditional |= value.startswith("$")
        return f" @{kind}(if: {value})"

    def _overlapping(self, type: GraphQLNamedType) -> list[GraphQLNamedType]:
        possible = set(self.schema.get_possible_types(type)) if is_abstract_type(type) else {type}
        return [
            other
            for other in self.schema.type_map.values()
            if is_composite_type(other) and not other.name.startswith("__") and possible & self._possible(other)
        ]

    def _possible(self, type: Any) -> set[Any]:
        return set(self.schema.get_possible_types(type)) if is_abstract_type(type) else {type}


@st.composite
def operations(draw: st.DrawFn, schema: GraphQLSchema, values: Mapping[str, st.SearchStrategy[str]]) -> Operation:
    """Draw a query; `values` says how literals of each scalar are written."""
    writing = _Writing(schema, draw, values)
    assert schema.query_type is not None
    body = writing.selections(schema.query_type, 0)
    head = "query ($p: Boolean!, $q: Boolean! = true) " if writing.is_conditional else ""
    if writing.is_conditional and not any(f"${name}" in "".join([body, *writing.fragments]) for name in "p"):
        head = "query ($q: Boolean! = true) "
    if writing.is_conditional and "$q" not in "".join([body, *writing.fragments]):
        head = "query ($p: Boolean!) "
    variables = {"p": draw(st.booleans()), "q": draw(st.booleans())} if writing.is_conditional else {}
    return Operation(
        "\n".join([head + body, *writing.fragments]), {k: v for k, v in variables.items() if f"${k}" in head}
    )
