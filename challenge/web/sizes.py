"""Bounds what a request may bring, before any of it is read."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request

View = TypeVar("View", bound=Callable[..., Any])

LARGEST_FORM = 4_000_000
"""Bytes of a request to a page that does not say otherwise."""
LARGEST_TEXTS = 2_000_000
"""Bytes of all texts of a form together; files do not count."""


def takes_up_to(octets: int) -> Callable[[View], View]:
    """Say on a page that its requests may bring more, or less, than those of other pages."""

    def mark(view: View) -> View:
        view.largest = octets  # type: ignore[attr-defined]
        return view

    return mark


def limit_requests(app: Flask) -> None:
    """Hold every request to the limit of its page; to be set up before anything reads a body."""
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_MEMORY_SIZE=LARGEST_TEXTS)

    @app.before_request
    def _hold_to_the_limit() -> None:
        view = app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, "largest", LARGEST_FORM)
