"""Deeds that are done one at a time, each in a transaction of its own, until none is left."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from challenge.web.house import House


def one_by_one(house: House, deed: Callable[[Session, datetime], bool]) -> int:
    """Do a deed for as long as it says that it found something to do; return how often it did."""
    done = 0
    while True:
        with house.database.transaction() as session:
            if not deed(session, house.clock.now()):
                return done
        done += 1
