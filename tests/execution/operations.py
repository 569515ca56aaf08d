"""Random valid operations over any schema, from a seed: the same seed writes the same operation, on every machine."""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import graphql
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLNamedType, GraphQLSchema
from graphql import is_abstract_type as is_abstract
from graphql import is_composite_type as is_composite
from graphql import is_list_type as is_list
from graphql import is_non_null_type as is_non_null

Values = Mapping[str, Sequence[Any]]
"""What an argument may be told, as JSON: by its own name, else by the name of its scalar."""

CONDITIONS = {"p": "Boolean!", "q": "Boolean! = true", "n": "Boolean = false"}


@dataclass(frozen=True)
class Operation:
    """A document and the variables to run it with."""

    text: str
    variables: dict[str, Any]


@dataclass
class Writing:
    """An operation being written: the fragments and variables that it has so far."""

    schema: GraphQLSchema
    random: Random
    values: Values
    most_depth: int = 4
    left: int = 40
    fragments: list[tuple[str, GraphQLNamedType, int, str]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    clashing: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()

    def operation(self, kind: str) -> Operation:
        """Write an operation of a kind; a subscription has one root field, under no condition (§5.2.3.1)."""
        root: GraphQLNamedType = getattr(self.schema, f"{kind}_type")
        body = "{ " + self.field(root, 0, "") + " }" if kind == "subscription" else self.selections(root, 0)
        told = ", ".join(f"${name}: {type}" for name, type in self.variables.items())
        head = f"{kind} ({told}) " if told else f"{kind} "
        return Operation("\n".join([head + body, *(text for *_, text in self.fragments)]), self.given)

    def selections(self, type: GraphQLNamedType, depth: int) -> str:
        count = self.random.randint(1, 5 if depth < 2 else 3)
        return "{ " + " ".join(self.selection(type, depth) for _ in range(count)) + " }"

    def selection(self, type: GraphQLNamedType, depth: int) -> str:
        self.left -= 1
        kinds = ["typename", "inline", "inline", "spread", "again"] if depth < self.most_depth and self.left > 0 else []
        kind = self.random.choice(["field"] * 6 + kinds)
        if kind == "inline":
            on = self.random.choice([None, *self.overlapping(type)])
            condition = f" on {on.name}" if on else ""
            return f"...{condition}{self.directives()} {self.selections(on or type, depth + 1)}"
        if kind == "spread":
            return f"...{self.fragment(self.random.choice(self.overlapping(type)), depth)}{self.directives()}"
        if kind == "again":
            return self.again(type, depth)
        return f"__typename{self.directives()}" if kind == "typename" else self.field(type, depth, self.directives())

    def fragment(self, type: GraphQLNamedType, depth: int) -> str:
        body = self.selections(type, depth + 1)
        name = f"F{len(self.fragments)}"
        self.fragments.append((name, type, depth, f"fragment {name} on {type.name} {body}"))
        return name

    def again(self, type: GraphQLNamedType, depth: int) -> str:
        """Spread a fragment that stands elsewhere too. They are complete when they are kept, so there are no cycles."""
        fitting = self.overlapping(type)
        names = [name for name, on, at, _ in self.fragments if on in fitting and at >= depth - 1]
        return f"...{self.random.choice(names)}{self.directives()}" if names else "__typename"

    def field(self, type: GraphQLNamedType, depth: int, directives: str) -> str:
        fields: Mapping[str, Any] = getattr(type, "fields", None) or {}
        is_deep = depth >= self.most_depth or self.left <= 0
        names = [n for n, f in fields.items() if not (is_deep and is_composite(graphql.get_named_type(f.type)))]
        if not names:
            return f"__typename{directives}"
        name = self.random.choice(sorted(names))
        definition = fields[name]
        arguments = self.arguments(definition.args)
        told = f"({arguments})" if arguments else ""
        # Equal keys mean equal fields, types and arguments, so that whatever is written can be merged (§5.3.2).
        key = self.random.choice(["", "", "x_", "y_"]) + (f"{type.name}_" if name in self.clashing else "") + name
        key += f"_{zlib.crc32(arguments.encode()) % 9973}" if arguments else ""
        inner = graphql.get_named_type(definition.type)
        below = f" {self.selections(inner, depth + 1)}" if is_composite(inner) else ""
        return f"{'' if key == name else key + ': '}{name}{told}{directives}{below}"

    def arguments(self, arguments: Mapping[str, Any]) -> str:
        written = []
        for name, argument in arguments.items():
            if graphql.is_required_argument(argument) or name in self.told or self.random.random() < 0.5:
                has_default = argument.default_value is not graphql.Undefined
                written.append(f"{name}: {self.value(argument.type, name, has_default=has_default)}")
        return ", ".join(written)

    def value(self, type: Any, name: str, *, has_default: bool = False) -> str:
        """A literal, or here and there a variable."""
        if self.random.random() < 0.3:
            return self.variable(type, name, has_default=has_default)
        return self.literal(type, name, self.value)

    def literal(self, type: Any, name: str, inner: Callable[..., str]) -> str:
        if not is_non_null(type) and self.random.random() < 0.1:
            return "null"
        type = graphql.get_nullable_type(type)
        if is_list(type):
            return "[" + ", ".join(inner(type.of_type, name) for _ in range(self.random.randint(0, 2))) + "]"
        if isinstance(type, GraphQLEnumType):
            return str(self.random.choice(sorted(type.values)))
        if isinstance(type, GraphQLInputObjectType):
            told = {n: f.type for n, f in type.fields.items() if self._is_told(f)}
            return "{ " + ", ".join(f"{n}: {inner(t, n)}" for n, t in told.items()) + " }"
        return json.dumps(self._scalar(type, name), ensure_ascii=False)

    def variable(self, type: Any, name: str, *, has_default: bool) -> str:
        """A variable that may stand here: as strict as the place, or with a default where one is needed (§5.8.5)."""
        default = ""
        if is_non_null(type) and self.random.random() < 0.5:
            type = type.of_type
            if not has_default or self.random.random() < 0.5:
                default = " = " + self.literal(graphql.GraphQLNonNull(type), name, lambda t, n: self.literal(t, n, _no))
        elif not is_non_null(type) and self.random.random() < 0.2:
            type = graphql.GraphQLNonNull(type)
        variable = f"v{len(self.variables)}"
        self.variables[variable] = f"{type}{default}"
        if is_non_null(type) or self.random.random() < 0.7:
            self.given[variable] = self.json(type, name)
        return f"${variable}"

    def json(self, type: Any, name: str) -> Any:
        """A variable's value; once in a while one that is refused."""
        if self.random.random() < 0.02:
            return self.random.choice(["odd", [[1]], {"odd": 1}, None])
        if not is_non_null(type) and self.random.random() < 0.2:
            return None
        type = graphql.get_nullable_type(type)
        if is_list(type):
            return [self.json(type.of_type, name) for _ in range(self.random.randint(0, 2))]
        if isinstance(type, GraphQLEnumType):
            return self.random.choice(sorted(type.values))
        if isinstance(type, GraphQLInputObjectType):
            return {n: self.json(f.type, n) for n, f in type.fields.items() if self._is_told(f)}
        return self._scalar(type, name)

    def directives(self) -> str:
        kinds = self.random.choice([[]] * 5 + [["skip"], ["include"], ["skip", "include"]])
        return "".join(f" @{kind}(if: {self.condition()})" for kind in kinds)

    def condition(self) -> str:
        name = self.random.choice(["true", "false", *CONDITIONS])
        if name not in CONDITIONS:
            return name
        if name not in self.variables:
            self.variables[name] = CONDITIONS[name]
            values = [None] if name == "n" and self.random.random() < 0.1 else [True, False]
            if name == "p" or self.random.random() < 0.7:
                self.given[name] = self.random.choice(values)
        return f"${name}"

    def overlapping(self, type: GraphQLNamedType) -> list[GraphQLNamedType]:
        """The types that a fragment within this one may be on."""
        possible = self._possible(type)
        others = (t for name, t in self.schema.type_map.items() if is_composite(t) and not name.startswith("__"))
        return [other for other in others if possible & self._possible(other)]

    def _possible(self, type: Any) -> set[Any]:
        return set(self.schema.get_possible_types(type)) if is_abstract(type) else {type}

    def _is_told(self, field: Any) -> bool:
        return graphql.is_required_input_field(field) or self.random.random() < 0.5

    def _scalar(self, type: GraphQLNamedType, name: str) -> Any:
        return self.random.choice(self.values[name if name in self.values else type.name])


def operation(
    schema: GraphQLSchema,
    random: Random,
    values: Values,
    *,
    kind: str = "query",
    depth: int = 4,
    told: frozenset[str] = frozenset(),
) -> Operation:
    """Write an operation of a kind ("query", "mutation", "subscription"); it always tells the arguments `told`."""
    writing = Writing(schema, random, values, depth, clashing=clashing(schema), told=told)
    return writing.operation(kind)


@cache
def clashing(schema: GraphQLSchema) -> frozenset[str]:
    """The fields that mean different types in different places: they cannot share a response key."""
    seen: dict[str, set[str]] = {}
    for type in schema.type_map.values():
        if is_composite(type) and not type.name.startswith("__"):
            for name, definition in getattr(type, "fields", {}).items():
                seen.setdefault(name, set()).add(str(definition.type))
    return frozenset(name for name, types in seen.items() if len(types) > 1)


def _no(type: Any, name: str) -> str:
    """Nothing below the second level of a default."""
    return "null" if not is_non_null(type) else "1"
