"""The words of the graph: all of them described, all of them shaped alike, and committed as the code says."""

import re
from collections.abc import Iterator
from datetime import date

import graphql
import pytest

import schema.build
from tests.house import tree

SDL = schema.build.unified().as_str()


@pytest.fixture(scope="module")
def words() -> graphql.GraphQLSchema:
    return graphql.build_schema(SDL)


def test_the_committed_schema_equals_the_code() -> None:
    committed = (tree.ROOT / "schema.graphql").read_text(encoding="utf-8")
    assert committed.strip() == SDL.strip(), "run scripts/schema and commit what it changes"


def test_every_type_field_argument_and_value_is_described(words: graphql.GraphQLSchema) -> None:
    assert [name for name, described in _described(words) if not (described or "").strip()] == []


def test_every_mutation_takes_one_input_and_returns_a_payload_with_user_errors(words: graphql.GraphQLSchema) -> None:
    for name, field in (words.mutation_type.fields if words.mutation_type else {}).items():
        noun = name[0].upper() + name[1:]
        assert {key: str(argument.type) for key, argument in field.args.items()} == {"input": f"{noun}Input!"}, name
        assert str(field.type) == f"{noun}Payload!"
        payload = graphql.get_named_type(field.type)
        assert isinstance(payload, graphql.GraphQLObjectType)
        assert str(payload.fields["userErrors"].type) == "[UserError!]!", name


def test_every_deprecation_names_a_day_to_come_and_a_replacement(words: graphql.GraphQLSchema) -> None:
    for name, reason in _deprecations(words):
        day = re.search(r"\d{4}-\d{2}-\d{2}", reason)
        assert day, f"{name}: until when? {reason!r}"
        assert date.fromisoformat(day[0]) >= date.today(), f"{name}: its day has passed; take it out"  # noqa: DTZ011 a day
        assert "`" in reason, f"{name}: what instead? {reason!r}"


def _ours(words: graphql.GraphQLSchema) -> Iterator[graphql.GraphQLNamedType]:
    for type_ in words.type_map.values():
        if not graphql.is_introspection_type(type_) and not graphql.is_specified_scalar_type(type_):
            yield type_


def _described(words: graphql.GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Everything that can carry a description, by its path."""
    for type_ in _ours(words):
        yield type_.name, type_.description
        if isinstance(type_, graphql.GraphQLEnumType):
            yield from ((f"{type_.name}.{key}", value.description) for key, value in type_.values.items())
        if isinstance(type_, graphql.GraphQLInputObjectType):
            yield from ((f"{type_.name}.{key}", field.description) for key, field in type_.fields.items())
        for key, field in _output_fields(type_).items():
            yield f"{type_.name}.{key}", field.description
            yield from ((f"{type_.name}.{key}({name}:)", argument.description) for name, argument in field.args.items())


def _output_fields(type_: graphql.GraphQLNamedType) -> dict[str, graphql.GraphQLField]:
    if isinstance(type_, graphql.GraphQLObjectType | graphql.GraphQLInterfaceType):
        return dict(type_.fields)
    return {}


def _deprecations(words: graphql.GraphQLSchema) -> Iterator[tuple[str, str]]:
    for type_ in _ours(words):
        for key, field in _output_fields(type_).items():
            if field.deprecation_reason is not None:
                yield f"{type_.name}.{key}", field.deprecation_reason
        for key, value in type_.values.items() if isinstance(type_, graphql.GraphQLEnumType) else ():
            if value.deprecation_reason is not None:
                yield f"{type_.name}.{key}", value.deprecation_reason
