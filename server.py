"""The command line: `python server.py COMMAND`. What the commands open is put together in `compose.py`."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

import compose
import demo
import import_commands
import preconditions
import schema.build
import settings
import terminal
import web.line
from datasources.demo import catalogue as seed
from datasources.demo import people
from domain.viewers import Role
from preconditions import Refused
from settings import Settings, SettingsRefused

OUR_OWN_ADDRESS = "127.0.0.1"
"""The demo hands out tokens to whoever opens its explorer: nobody else may reach it."""
MOST_MESSAGE_BYTES = 262_144
"""Longest message that a WebSocket may send us."""
DEMO_STOCK_HOLDS_S = 30 * 86_400
"""The demo counts its shelves once, when it is seeded."""
SCHEMA_FILE = Path(__file__).with_name("schema.graphql")

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="The unified commerce graph."
)
cli.add_typer(import_commands.cli, name="import")


@cli.command()
def serve() -> None:
    """Serve the graph with the settings of the environment, .env and commerce.toml."""
    chosen = settings.load()
    preconditions.servable(chosen)
    if chosen.workers > 1:
        terminal.address(chosen.host, chosen.port)
        uvicorn.run("compose:application", factory=True, workers=chosen.workers, **uvicorn_options(chosen))
        return
    terminal.serve(
        compose.application(chosen), uvicorn_options(chosen), lambda port: terminal.address(chosen.host, port)
    )


@cli.command("demo")
def serve_demo(
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve a shop that lives: seeds a catalogue, stores and stock once, and sells and restocks while you look."""
    about_the_demo = {seed.SOURCE: DEMO_STOCK_HOLDS_S}
    chosen = settings.load(
        stale_after_s_by_source=about_the_demo,
        simulated_sign_in=True,
        host=OUR_OWN_ADDRESS,
        **({} if port is None else {"port": port}),
    )
    preconditions.listenable(chosen.host, chosen.port)
    preconditions.keyed(chosen.jwks_file)
    preconditions.migrated(chosen.database_url)
    with terminal.progress("Seeding the shop") as on_progress:
        asyncio.run(demo.plant(chosen, on_progress=on_progress))
    issuer, month = preconditions.issuer(chosen), timedelta(days=30)
    tokens = {
        "member": issuer.issue(subject=people.MEMBER, role=Role.MEMBER, lifetime=month, tier="gold"),
        "associate": issuer.issue(
            subject=people.GUIDE, role=Role.ASSOCIATE, lifetime=month, location=people.GUIDE_STORE
        ),
        "integrator": issuer.issue(subject="erp-demo", role=Role.INTEGRATOR, lifetime=month),
    }
    app = demo.application(chosen, tokens=tokens)
    pin = f'{{tablet: "{people.TABLET}", associate: "{people.GUIDE}", pin: "{people.PIN}"}}'
    terminal.serve(app, uvicorn_options(chosen), lambda port: terminal.next_steps(chosen.host, port, tokens, pin=pin))


@cli.command()
def migrate() -> None:
    """Bring the database to the schema that this code expects."""
    chosen = settings.load()
    preconditions.migrated(chosen.database_url)
    typer.echo(f"{settings.without_password(chosen.database_url)} is up to date.")


@cli.command()
def keys() -> None:
    """Make the key set that tokens are signed and verified with, unless it is there."""
    chosen = settings.load()
    preconditions.keyed(chosen.jwks_file)
    typer.echo(f"{chosen.jwks_file} is there; keep it secret.")


@cli.command()
def token(
    role: Annotated[Role, typer.Option(help="Who the token is for.")],
    subject: Annotated[str, typer.Option(help="Name of the client or person.")] = "somebody",
    hours: Annotated[int, typer.Option(min=1, help="How long it lasts.")] = 24,
    tier: Annotated[str | None, typer.Option(help="Member tier, such as gold.")] = None,
    location: Annotated[str | None, typer.Option(help="Code of the store an associate works at; none: any.")] = None,
) -> None:
    """Issue a token, signed with the key set's private key."""
    facts = {"tier": tier, "location": location}
    issuer = preconditions.issuer(settings.load())
    typer.echo(issuer.issue(subject=subject, role=role, lifetime=timedelta(hours=hours), **facts))


@cli.command("schema")
def write_schema(
    check: Annotated[bool, typer.Option("--check", help="Only say whether the committed file is current.")] = False,
) -> None:
    """Write schema.graphql, or check that it is current."""
    current = schema.build.unified().as_str() + "\n"
    if not check:
        SCHEMA_FILE.write_text(current, encoding="utf-8")
    elif not SCHEMA_FILE.exists() or SCHEMA_FILE.read_text(encoding="utf-8") != current:
        typer.echo("schema.graphql is stale: run scripts/schema and commit it.", err=True)
        raise typer.Exit(1)


def main() -> None:
    """Run a command; what its user can mend is said in a sentence, not by a traceback."""
    try:
        cli()
    except (SettingsRefused, Refused) as refused:
        typer.echo(str(refused), err=True)
        sys.exit(2)


def uvicorn_options(chosen: Settings) -> dict[str, Any]:
    """How uvicorn is to serve."""
    return {
        "host": chosen.host,
        "port": chosen.port,
        "ws": web.line.Line,
        "ws_max_size": MOST_MESSAGE_BYTES,
        "ws_per_message_deflate": False,  # 40 kB a socket, to save a few bytes of messages that are small
        "ws_ping_interval": None,  # we ping by the protocol above, and close who does not answer
        "log_config": None,
        "lifespan": "on",
    }


if __name__ == "__main__":
    main()
