"""What an address may hold: numbers that a database can count to, and no character that it cannot keep."""

from typing import Any

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from challenge.foundation.permits import NotFound

NUL = "\0"
LARGEST_NUMBER = 2**31 - 1


class Number(IntegerConverter):
    """A number in an address; one that no row can have leads nowhere, instead of breaking the query."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:  # what werkzeug calls it
        options.setdefault("max", LARGEST_NUMBER)
        super().__init__(map, *args, **options)


def check_addresses(app: Flask) -> None:
    """Let an address that no row could answer lead nowhere; to be set up before the routes."""
    app.url_map.converters["int"] = Number

    @app.before_request
    def _look_for_nul() -> None:
        if NUL in request.path or any(NUL in text for text in request.args.values()):
            raise NotFound
