"""What every refusal shows, and how a kind of them is declared: its facts, and its words in both languages."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from inspect import getdoc
from typing import Any

import strawberry

from domain.refusals.base import Refusal
from resolvers.context import Context
from schema.base import batch, derived, plain, view

TEXTS: dict[type[Refusal], dict[str, str]] = {}
"""What each kind says, by language; its facts stand in braces."""
TYPES: list[type] = []
"""The type of every kind: nothing but the interface refers to them."""


async def texts(ctx: Context, refusals: Sequence[Refusal]) -> Sequence[str]:
    """Say each refusal in the viewer's language, English where it is neither."""
    return [_text(refusal, ctx.language) for refusal in refusals]


@strawberry.interface(description="One reason why something was not done. New kinds come; read `code` and `message`.")
class UserError:
    code: str = plain("Stable name of the kind, such as UNKNOWN_SKU.")
    message: str = batch(texts, description="What to do, in Chinese or English by `Accept-Language`.")
    path: list[str] = derived(
        lambda refusal: [str(part) for part in refusal.path],
        description="Where in the arguments: names and list indices, from `input` down.",
    )


def refusal(kind: type[Refusal], *, en: str, zh: str) -> Callable[[type], type]:
    """Declare the type of a kind of refusal; the first line of the kind's docstring describes it."""

    def declare(cls: type) -> type:
        shown = view(kind, description=(getdoc(kind) or "").split("\n")[0])(cls)
        TEXTS[kind] = {"en": en, "zh": zh}
        TYPES.append(shown)
        return shown

    return declare


def _text(refusal: Refusal, language: str) -> str:
    known = TEXTS[type(refusal)]
    facts = {name: _said(fact) for name, fact in asdict(refusal).items()}
    return known.get(language, known["en"]).format(**facts)


def _said(fact: Any) -> Any:
    """A fact in a sentence: lists with commas, and a dash for what is not known."""
    return ", ".join(map(str, fact)) or "—" if isinstance(fact, tuple) else "—" if fact is None else fact
