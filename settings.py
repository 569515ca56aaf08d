"""Settings: environment, `.env` and one TOML file made into one frozen object, or a full list of faults."""

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "COMMERCE_"
FILE = "commerce.toml"
CONFIG = f"{PREFIX}CONFIG"
"""Names another file than `commerce.toml`; empty: none."""
PASSWORD = re.compile(r"(?<=:)[^:/@]*(?=@)")


def _database(url: str) -> str:
    if not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("write sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME")
    return url


def _bus(url: str) -> str:
    if url != "memory://" and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("write memory:// or redis://HOST:PORT/NUMBER")
    return url


def _json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError('write it as JSON, such as ["https://shop.example"] or {"pos": 5}') from None


def _cuts(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value not in ("median", "mean") else value
    except ValueError:
        raise ValueError("write median, mean, or three whole numbers as JSON, such as [90, 3, 100000]") from None


class Settings(BaseSettings):
    """Everything that can be chosen."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        toml_file=FILE,
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite+aiosqlite:///var/commerce.sqlite3",
        description="Where state is kept: SQLite on one machine, PostgreSQL beyond.",
    )
    bus_url: Annotated[str, AfterValidator(_bus)] = Field(
        "memory://", description="Who carries events between processes: memory:// for one process, redis:// for more."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; more than one needs PostgreSQL and Redis.")
    jwks_file: Path = Field(Path("var/keys.json"), description="JSON Web Key Set that tokens are verified with.")
    token_issuer: str = Field("commerce-graph", min_length=1, description="`iss` that a token must carry.")
    token_audience: str = Field("commerce-graph", min_length=1, description="`aud` that a token must carry.")
    access_token_minutes: int = Field(
        15, ge=1, le=1_440, description="How long an access token holds that a session gives out."
    )
    refresh_token_days: int = Field(
        30, ge=1, le=365, description="How long a member stays signed in who does not come back."
    )
    staff_session_hours: int = Field(
        12, ge=1, le=168, description="How long an associate stays signed in who does not come back."
    )
    simulated_sign_in: bool = Field(
        False,
        description="Let anybody in by any WeChat code, and write one-time codes to the log: for development alone.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_json)] = Field(
        (),
        description='Web pages that may call from a browser, as JSON, such as ["https://shop.example"]; '
        "WeChat's always may.",
    )
    media_dir: Path = Field(Path("var/media"), description="Directory served under /media/.")
    currency: str = Field("CNY", pattern="^[A-Z]{3}$", description="ISO 4217 code of prices where none is asked for.")
    low_stock_threshold: int = Field(3, ge=0, description="At this many pieces or fewer the signal is LOW.")
    stale_after_s: int = Field(86_400, ge=0, description="Seconds that a source's word on stock holds.")
    stale_after_s_by_source: Annotated[dict[str, int], NoDecode, BeforeValidator(_json)] = Field(
        {}, description='The same for single sources, as JSON, such as {"pos": 5, "erp": 60}.'
    )
    hide_stale_stock: bool = Field(False, description="Say UNKNOWN instead of an old quantity.")
    stale_buffer_z: float = Field(
        1.65,
        ge=0,
        description="Standard deviations of unheard sales that are kept back where a word is old; 0: the mean alone.",
    )
    reservation_minutes: int = Field(15, ge=1, le=1_440, description="How long a checkout keeps its units.")
    reservation_extension_minutes: int = Field(
        30,
        ge=0,
        le=10_080,
        description="How much longer than at first a reservation can be kept, in all.",
    )
    tiers_file: str = Field(
        "", description="File with the merchant's own ladder of tiers, as JSON; empty: member, silver, gold, black."
    )
    programmes_file: str = Field(
        "", description="File with the merchant's own programmes of points, as JSON; empty: 积分 and 星星 of the house."
    )
    rfm_cuts: Annotated[Literal["median", "mean"] | tuple[int, int, int], NoDecode, BeforeValidator(_cuts)] = Field(
        "median",
        description="Where members are parted: median, mean, or [days, orders, amount in minor units], such as "
        "[90, 3, 100000].",
    )
    cache_products: int = Field(
        4_000, ge=0, description="Products that a worker holds with variants, prices and listings; 0: it holds nothing."
    )
    cache_levels: int = Field(100_000, ge=2, description="Levels of stock that a worker holds.")
    cache_max_age_s: int = Field(
        300, ge=1, description="Seconds after which a worker forgets all it holds, whatever it was told."
    )
    events_kept_h: int = Field(
        72, ge=1, description="Hours that published events can be read again; who missed more begins anew."
    )
    idempotency_kept_h: int = Field(
        72, ge=24, description="Hours that a repeated idempotencyKey gets the answer it got before."
    )
    max_body_bytes: int = Field(131_072, ge=1_024, description="Longest request body taken; beyond it, 413.")
    operation_deadline_s: float = Field(
        10.0, gt=0, description="Seconds that an operation may take before it is ended."
    )
    tracing: bool = Field(
        False, description="Make OpenTelemetry spans; needs an SDK that is set up by its own variables."
    )
    log_format: Literal["console", "json"] = Field("console", description="Logs for people, or one JSON object a line.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before the environment, the environment before `.env`, that before the TOML file."""
        file = TomlConfigSettingsSource(settings_cls, os.environ.get(CONFIG, FILE))
        return (init_settings, env_settings, dotenv_settings, file)

    @model_validator(mode="after")
    def _several_workers_share_what_they_know(self) -> "Settings":
        if self.workers > 1 and self.database_url.startswith("sqlite"):
            raise ValueError("COMMERCE_WORKERS: more than one needs PostgreSQL (COMMERCE_DATABASE_URL)")
        if self.workers > 1 and self.bus_url == "memory://":
            raise ValueError("COMMERCE_WORKERS: more than one needs Redis (COMMERCE_BUS_URL)")
        return self


class SettingsRefused(Exception):
    """The settings cannot be used; `faults` lists everything that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("These settings cannot be used:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = faults


def load(**chosen: Any) -> Settings:
    """Read the settings; what is given here wins.

    Raises:
        SettingsRefused: with every fault at once.
    """
    found = list(_unread())
    try:
        read = Settings(**chosen)
    except ValidationError as error:
        raise SettingsRefused([*found, *map(_fault, error.errors())]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsRefused([*found, f"{os.environ.get(CONFIG, FILE)} is no TOML: {error}"]) from None
    except UnicodeDecodeError as error:
        raise SettingsRefused([*found, f"a file of settings is no UTF-8: {error.reason}"]) from None
    if found:
        raise SettingsRefused(found)
    return read


def env_example() -> str:
    """Write `.env.example`: every setting with its description and default."""
    lines = ["# Every setting, with its default. Copy to .env and change what you need; the environment wins over it."]
    for name, field in Settings.model_fields.items():
        lines += ["", f"# {field.description}", f"# {PREFIX}{name.upper()}={_written(field.default)}"]
    return "\n".join(lines) + "\n"


def without_password(url: str) -> str:
    """Write an address as it may be shown: `user:***@host`."""
    return PASSWORD.sub("***", url)


def _unread() -> Iterator[str]:
    """What would be passed over in silence: misspelt names in the environment, and a file that is not there."""
    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {CONFIG}
    yield from (_unknown(name) for name in sorted(os.environ) if name.startswith(PREFIX) and name.upper() not in names)
    if (file := os.environ.get(CONFIG)) and not Path(file).is_file():
        yield f"{CONFIG}: there is no file {file}"


def _fault(fault: Any) -> str:
    where, *within = (str(part) for part in fault["loc"]) if fault["loc"] else ("",)
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not where:
        return message
    if fault["type"] == "extra_forbidden":
        return _unknown(where)
    name = ".".join((f"{PREFIX}{where.upper()}", *within))
    return f"{name}: {message} (it is {without_password(repr(fault['input']))})"


def _unknown(name: str) -> str:
    bare = name.lower().removeprefix(PREFIX.lower())
    close = difflib.get_close_matches(bare, Settings.model_fields, n=1)
    meant = f"did you mean {PREFIX}{close[0].upper()}? " if close else ""
    return f"{PREFIX}{bare.upper()} is no setting: {meant}.env.example lists them all"


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return "[]"
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
