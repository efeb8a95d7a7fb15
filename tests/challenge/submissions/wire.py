"""Fills the form of a submission and sends it, slowly where a test wants something to happen on the way."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from challenge.submissions.records import Submission
from tests.cast import Browser, Cast

CSV = b"task,item,prediction\ntopic,a,yes\n"
ZIP = b"PK\x03\x04 and so on"


def form(**changes: object) -> dict[str, object]:
    """Return a filled form; a change to None leaves the field out."""
    filled: dict[str, object] = {
        "title": "Small and sound",
        "abstract": "A model that knows what it does not know.",
        "declared_licence": "Apache-2.0",
        "route": "weights",
        "doi": "",
        "hours_0": "2,000,000",
        "hours_1": "0",
        "predictions": (io.BytesIO(CSV), "predictions.csv"),
        "package": (io.BytesIO(ZIP), "package.zip"),
        "confirmed": "y",
        **changes,
    }
    return {name: value for name, value in filled.items() if value is not None}


def open_form(browser: Browser) -> str:
    """Open the page and return the address its form is sent to."""
    page = browser.get("/calls/trial/submit").get_data(as_text=True)
    found = re.search(r'action="(/calls/trial/submit\?form=[^"]+)"', page)
    assert found is not None
    return found[1]


def count(cast: Cast) -> int:
    """Count the submissions of the house."""
    with cast.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


class SlowBody(io.BytesIO):
    """The body of a request, during whose transfer something happens."""

    def __init__(self, content: bytes, happens: Callable[[], object]) -> None:
        super().__init__(content)
        self.happens, self.is_begun = happens, False

    def readinto(self, buffer: object) -> int:
        """Read on; what happens, happens before the first bytes are there."""
        if not self.is_begun:
            self.is_begun = True
            self.happens()
        return super().readinto(buffer)  # type: ignore[arg-type]


def body_of(browser: Browser, **changes: object) -> bytes:
    """Write a filled form as a browser would send it, its parts set off by `parting`."""
    lines = [b"--parting"]
    for name, value in {**form(**changes), "csrf_token": browser.token}.items():
        if isinstance(value, tuple):
            lines += [f'Content-Disposition: form-data; name="{name}"; filename="{value[1]}"'.encode(), b""]
            lines += [value[0].read(), b"--parting"]
        else:
            lines += [f'Content-Disposition: form-data; name="{name}"'.encode(), b"", str(value).encode(), b"--parting"]
    return b"\r\n".join(lines) + b"--\r\n"


def send_while(browser: Browser, address: str, happens: Callable[[], object]) -> tuple[int, str]:
    """Send a filled form during whose transfer something happens; return the status and the page."""
    slow = SlowBody(body_of(browser), happens)
    answer = browser.client.post(address, input_stream=slow, content_type="multipart/form-data; boundary=parting")
    assert slow.is_begun
    return answer.status_code, answer.get_data(as_text=True)


def send_slowly(cast: Cast, browser: Browser, address: str, step: timedelta) -> tuple[int, str]:
    """Send a filled form of which the transfer takes `step`; return the status and the page."""
    return send_while(browser, address, lambda: cast.clock.advance(step))
