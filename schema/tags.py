"""Tags of members, in GraphQL's words. Which of many words counts stands in `domain/tags.py`."""

from datetime import datetime

import strawberry

import domain.tags
import resolvers.tags
from domain.tags import Dimension, TagSource
from domain.viewers import Scope
from schema.base import batch, enum, plain, view

enum(
    Dimension,
    "What a tag is about.",
    name="TagDimension",
    BASIC="Who somebody is: age, city, family.",
    CONSUMPTION="What they buy and like.",
    SOCIAL="What they say and share.",
)
enum(
    TagSource,
    "Who says so.",
    RULE="A rule of ours, from what was bought.",
    MODEL="A model, which may err.",
    IMPORT="Another system.",
    MANUAL="Somebody of the staff.",
)


@view(domain.tags.Tag, description="Something said of a member (标签).")
class Tag:
    dimension: Dimension = plain("What it is about.")
    path: str = plain("From the general to the particular, such as category/denim/slim.")
    value: str = plain("What is said, where the path does not say it all; may be empty.")
    source: TagSource = plain("Who says so.")
    confidence: int = plain("How sure that is, in ten-thousandths.", attribute="confidence_bp")
    set_at: datetime = plain("When it was said, in UTC.")
    expires_at: datetime | None = plain("Until when it holds, in UTC; null: until something else is said.")


@strawberry.type
class TaggedMember:
    """The part of a member that tags contribute."""

    tags: list[Tag] | None = batch(
        resolvers.tags.tags_of,
        description="What is said of them and holds now; what rules and models derive only with their consent to "
        "PROFILING. For staff: others get FORBIDDEN and null.",
        scope=Scope.MEMBERS_READ,
    )
