"""Lets a form with files in only after its gate was looked at.

Whether a form may be sent at all is asked before its body is read: first whatever the address and the sender say, then
its length, then its token, and only then its files. So a page that takes files reads and protects itself, instead of
having the body parsed in front of it.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import Blueprint, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from challenge.foundation.permits import NotFound, WhyNot, demand

FORM_ROOM = 500_000
"""Bytes that a form needs besides its files."""
REFUSED_ROOM = 64_000
"""Bytes that are read of a request that is refused anyway: enough for a form without files."""

Page = str | Response | tuple[str, int]
View = TypeVar("View", bound=Callable[..., Any])


class Gate(Protocol):
    """What is known of a request before its body is read."""

    @property
    def why_not(self) -> WhyNot:
        """Why nothing may be sent here; None where something may."""

    @property
    def files_room(self) -> int:
        """How many bytes the files may have together."""


G = TypeVar("G", bound=Gate)


def reads_for_itself(room: Blueprint) -> Callable[[View], View]:
    """Say of a page that nothing is to be parsed in front of it, because it ends in `let_in`."""

    def mark(view: View) -> View:
        room.record_once(lambda state: state.app.extensions["csrf"].exempt(view))
        return view

    return mark


def let_in(
    gate: G | None, *, show: Callable[[G], Page], take: Callable[[G], Page], too_long: Callable[[G], Page]
) -> Page:
    """Answer a request at its gate: show the form, or read it and take what was sent; `too_long` was not read.

    Raises NotFound where there is no gate, and Refused where it is closed: both after the token, as everywhere, which
    lies within the little that is read of any request.
    """
    if request.method != "POST":
        if gate is None:
            raise NotFound
        return show(gate)
    is_open = gate is not None and gate.why_not is None
    request.max_content_length = gate.files_room + FORM_ROOM if gate is not None and is_open else REFUSED_ROOM
    answer = take
    try:
        current_app.extensions["csrf"].protect()
    except RequestEntityTooLarge:
        answer = too_long
    if gate is None:
        raise NotFound
    demand(gate.why_not)
    return answer(gate)
