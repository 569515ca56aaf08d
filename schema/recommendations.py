"""Recommendations, in GraphQL's words. How they are found stands in `domain/co_purchase.py`."""

import strawberry

import resolvers.recommendations
from domain.recommendations import Reason
from schema.availability import AvailabilityOffer
from schema.base import Argument, batch, enum, plain, view
from schema.references import VariantReference

enum(
    Reason,
    "Why something is recommended.",
    name="RecommendationReason",
    BOUGHT_TOGETHER="Others bought it together with what this member bought.",
    PREFERRED="It goes with what this member bought, and is of a kind that they prefer.",
    POPULAR="Many buy it.",
)


@view(resolvers.recommendations.Recommendation, description="Something a member may like, and where it is in stock.")
class RecommendedProduct:
    variant: VariantReference = plain("What is recommended; on sale in this channel.")
    reason: Reason = plain("Why.")
    is_in_store: bool = plain("True where it is in stock at the store that was asked for; false where it is near it.")
    offer: AvailabilityOffer | None = plain("Where it is in stock; null where no store was asked for.")


@strawberry.type
class RecommendedMember:
    """The part of a member that the recommender contributes."""

    recommended_products: list[RecommendedProduct] | None = batch(
        resolvers.recommendations.of_members,
        description=(
            "What is on sale and fits what they bought: in stock at the store first, then in stock near it, and "
            "nothing that is in neither. Null, with error CONSENT_REQUIRED, unless they granted PROFILING; null, with "
            "error SOURCE_UNAVAILABLE, while the recommender does not answer."
        ),
        store=Argument(
            "Id or code of a store; null: an associate's own, and for others wherever it is.", strawberry.ID | None
        ),
        first=f"How many at most, 1 to {resolvers.recommendations.MOST}; otherwise error PAGE_SIZE.",
    )
