"""Every setting is explained, and `.env.example` is what the settings say."""

from collections.abc import Iterator

from pydantic import BaseModel

import settings
from tests.house import tree


def test_every_setting_is_described() -> None:
    assert [name for name, description in _described(settings.Settings) if not (description or "").strip()] == []


def test_the_committed_example_equals_the_settings() -> None:
    committed = (tree.ROOT / ".env.example").read_text(encoding="utf-8")
    assert committed == settings.env_example(), "write settings.env_example() to .env.example"


def _described(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _described(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field.description
