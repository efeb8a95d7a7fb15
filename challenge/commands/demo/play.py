"""Plays the whole call, or the first acts of it, on an empty house."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from challenge.commands.demo import aftermath, story
from challenge.commands.demo.cast import ADMINS, AUDITOR, ENTRANTS, JUDGES, PASSWORD, address
from challenge.commands.demo.languages import KEY as LANGUAGES
from challenge.commands.demo.languages import play_languages, where_to_look
from challenge.commands.demo.models import as_csv, train
from challenge.commands.demo.packages import pack
from challenge.commands.demo.story import Stage
from challenge.foundation.clock import SetClock
from challenge.web.house import House

ACTS: tuple[Callable[[Stage], None], ...] = (
    story.opening,
    story.entering,
    story.handing_in,
    aftermath.freezing,
    aftermath.panel,
    aftermath.reviewing,
    aftermath.deciding,
    aftermath.using,
)


def play(house: House, *, say: Callable[[str], None], acts: int = len(ACTS)) -> Stage:
    """Play the first `acts` acts on `house`, whose clock must be one that can be set, and return the stage."""
    stage = Stage(house, say)
    for act in ACTS[:acts]:
        act(stage)
    return stage


def shown(house: House) -> str:
    """Return the folder of the files to try as a person would type it."""
    folder = house.settings.instance / "try"
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)


def leave_something_to_try(folder: Path) -> None:
    """Write files that can be handed in to the practice call: predictions, and a package of the same model."""
    folder.mkdir(exist_ok=True)
    model = train("linear")
    (folder / "predictions.csv").write_bytes(as_csv(model.rows))
    package = pack(name="Somebody new", recipe="Linear models", weights=model.weights, declared="MIT", text="MIT")
    (folder / "package.zip").write_bytes(package)


def play_and_tell(present: House, *, trained: Path | None = None) -> None:
    """Play the whole call on an empty house, tell it as it goes, and say who may sign in.

    `trained` is a folder with tiny models and their own suite; with it, the language track is played too.
    """
    began = time.monotonic()
    house = replace(present, clock=SetClock(datetime(2026, 2, 16, 9, tzinfo=UTC)))

    def say(sentence: str) -> None:
        click.echo(f"{house.clock.now():%d %b %Y}  {sentence}")

    stage = play(house, say=say)
    if trained is not None:
        play_languages(stage, trained)
    leave_something_to_try(house.settings.instance / "try")
    click.echo(f"\nPlayed in {time.monotonic() - began:.0f} seconds. The password is “{PASSWORD}” for everybody:")
    for role, key in (
        ("team (first winner)", ENTRANTS[0].key),
        ("judge (chair)", JUDGES[0][0]),
        ("admin", ADMINS[0][0]),
        ("second admin", ADMINS[1][0]),
        ("auditor", AUDITOR[0]),
    ):
        click.echo(f"  {role:20} {address(key)}")
    click.echo(f"\nThe practice call is open: sign up, found a team, and hand in the files in {shown(house)}.")
    if trained is not None:
        click.echo(f"The language track stands at /calls/{LANGUAGES}; its models and their own suite are in {trained}.")
        for sentence in where_to_look(house):
            click.echo(f"  {sentence}")
