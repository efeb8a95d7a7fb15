"""Keeps finished pieces of pages in memory, by a key that names their version; never a piece with a reader in it."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from flask import current_app, make_response, request, session
from werkzeug.wrappers import Response

from challenge.web.house import actor

LIMIT = 128 * 1024 * 1024
"""Bytes that one process keeps, those in gzip not counted: a table packs to a tenth."""
WORTH_PACKING = 1_000
"""Bytes; a shorter piece fits into one packet as it is."""
PACKING = 4
"""Level of gzip: a seventh larger than at the usual 6, in two thirds of the time; whoever comes first waits for it."""


@dataclass(frozen=True)
class Fragment:
    """A finished piece: its bytes, and what is made of them once, when it is first asked for."""

    body: bytes

    @classmethod
    def of(cls, made: str | bytes) -> "Fragment":
        """Finish a piece of text, or a file."""
        return cls(made.encode() if isinstance(made, str) else made)

    @cached_property
    def tag(self) -> str:
        """A tag that changes with any of the bytes."""
        return hashlib.sha256(self.body).hexdigest()[:32]

    @cached_property
    def packed(self) -> bytes:
        """The same bytes in gzip."""
        return gzip.compress(self.body, PACKING, mtime=0)


class Fragments:
    """A small store that forgets what was not asked for longest."""

    def __init__(self, *, limit: int = LIMIT) -> None:
        """Keep up to `limit` bytes."""
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[Hashable, Fragment] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], str | bytes]) -> Fragment:
        """Return the piece of that key, made now if it is not kept; two who come at once may both make it."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        made = Fragment.of(make())
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += len(made.body) - (len(before.body) if before else 0)
            self._kept[key] = made
            while self._size > self._limit and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest.body)
        return made


def fragments() -> Fragments:
    """Return the store of the present application."""
    return cast(Fragments, current_app.extensions.setdefault("fragments", Fragments()))


def is_plain_visit() -> bool:
    """Tell whether the page would be the same for every visitor: nobody signed in, and no notice waiting."""
    return not actor().signed_in and "_flashes" not in session


def answer(fragment: Fragment, *, mimetype: str = "text/html") -> Response:
    """Answer with a finished piece: visitors may keep it and ask again, and get 304 while it is the same.

    Only what is the same for every visitor is packed: the length of a packed page can give away what a reader's own
    page says in secret.
    """
    if actor().signed_in:
        response = make_response(fragment.body)
        response.mimetype = mimetype
        return response
    packed = len(fragment.body) >= WORTH_PACKING and request.accept_encodings.quality("gzip") > 0
    response = make_response(fragment.packed if packed else fragment.body)
    response.mimetype = mimetype
    response.vary.add("Accept-Encoding")
    if packed:
        response.content_encoding = "gzip"
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(f"{fragment.tag}-gzip" if packed else fragment.tag)
    response.make_conditional(request)
    return response
