"""Holds what a request may reach: settings, database, files, signer, clock."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from challenge.foundation.clock import Clock
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.permits import VISITOR, Actor
from challenge.foundation.sealing import Sealer
from challenge.foundation.settings import Settings
from challenge.foundation.signing import Signer


@dataclass(frozen=True)
class House:
    """One running installation."""

    settings: Settings
    database: Database
    files: FileStore
    signer: Signer
    clock: Clock

    @property
    def sealer(self) -> Sealer:
        """Seals what must not be read from the database."""
        return Sealer(self.settings.secret_key, self.settings.former_secrets)


def furnish(app: Flask, house: House) -> None:
    """Put the installation where requests find it."""
    app.extensions["house"] = house

    @app.before_request
    def _look_at_the_clock() -> None:
        # one instant serves the check, the row and the receipt of a request
        g.now = house.clock.now()
        g.actor = VISITOR


def house() -> House:
    """Return the installation that serves the present request."""
    return cast(House, current_app.extensions["house"])


def transaction() -> AbstractContextManager[Session]:
    """Open a session that may write; it commits at the end of the `with` block."""
    return house().database.transaction()


def reading() -> AbstractContextManager[Session]:
    """Open a session that may only read."""
    return house().database.reading()


def now() -> datetime:
    """Return the instant at which the present request came in."""
    return cast(datetime, g.now)


def actor() -> Actor:
    """Return who makes the present request."""
    return cast(Actor, g.actor)
