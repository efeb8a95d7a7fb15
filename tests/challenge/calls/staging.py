"""What the tests of this room share: a call file near the tests' own day, and a small suite as a zip."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import challenge.calls
from challenge.calls import operations
from challenge.calls.callfile import parse_call
from challenge.calls.records import Call
from challenge.foundation.permits import Actor
from tests.cast import Cast

EXAMPLES = Path(challenge.calls.__file__).parent / "examples"
EXAMPLE = (EXAMPLES / "lagc-2026.yaml").read_text(encoding="utf-8")
"""The call file that comes with the platform, and that the demonstration plays."""
EVERY_KEY = (EXAMPLES / "every-key.yaml").read_text(encoding="utf-8")
"""The other call file that comes with it, which shows every key."""


def changed(text: str, changes: Mapping[str, str]) -> str:
    """Return a text with each of some lines, which it must hold once, replaced by another."""
    for line, other in changes.items():
        assert text.count(f"{line}\n") == 1, line
        text = text.replace(f"{line}\n", f"{other}\n")
    return text


AUTUMN = changed(
    EXAMPLE,
    {
        "    opens: 2 March 2026, 10:00 CET": "    opens: 1 September 2026, 10:00 CEST",
        "    closes: 5 May 2026, 17:00 CEST": "    closes: 2 November 2026, 17:00 CET",
        "    opens: 5 May 2026, 17:00 CEST": "    opens: 2 November 2026, 17:00 CET",
        "    closes: 5 June 2026, 17:00 CEST": "    closes: 23 November 2026, 17:00 CET",
        "    opens: 1 July 2026, 00:00 CEST": "    opens: 1 January 2027, 00:00 CET",
        "    closes: 1 July 2027, 00:00 CEST": "    closes: 1 January 2028, 00:00 CET",
        "  seed: 20260302": "  seed: 20260901",
        "  finalists: 8": "  finalists: 12",
        "  board_anchor: [84, 90]": "  board_anchor: [0, 100]",
    },
)
"""The same call half a year later, so that its deadline lies beyond the tests' day."""
SOON = changed(
    AUTUMN,
    {"key: lagc-2026": "key: soon", "    opens: 1 September 2026, 10:00 CEST": "    opens: 1 March 2026, 10:00 CET"},
)
"""A call that is open on the tests' day; its last deadline is 2 November 2026, 17:00 CET."""

MANIFEST = """
name: small
version: "1"
title: Small suite
split: {seed: 7, public_share: 0.5}
tasks:
  - {name: topic, title: Topics of notices, kind: classification, metric: accuracy, floor: 0.5, ceiling: 1,
     labels: [heron, otter], description: Say which animal a notice is about., source: written for tests}
  - {name: size, title: Sizes, kind: regression, metric: absolute_error, floor: 5, ceiling: 0, weight: 2.5}
"""
SECRET = "otter"


def suite_zip(manifest: str = MANIFEST) -> bytes:
    """Return a suite of two tasks, packed as an organiser would."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("small/suite.yaml", manifest)
        topics = "".join(f"t{n},{'heron' if n % 3 else SECRET}\n" for n in range(12))
        archive.writestr("small/items/topic.csv", "item,label\n" + topics)
        archive.writestr("small/items/size.csv", "item,label\n" + "".join(f"s{n},{n}.25\n" for n in range(8)))
    return buffer.getvalue()


def imported(cast: Cast, admin: Actor, text: str = SOON) -> Call:
    """Import a call file as a draft."""
    with cast.house.database.transaction() as session:
        return operations.import_call(session, actor=admin, parsed=parse_call(text), now=cast.now)


def with_suite(cast: Cast, admin: Actor, call: Call) -> None:
    """Add the small suite to a draft under the key that its rules name."""
    prepared = operations.prepare_upload(io.BytesIO(suite_zip()))
    file, starter = operations.keep_suite(cast.house.files, prepared)
    with cast.house.database.transaction() as session:
        operations.add_suite(
            session, actor=admin, call=call, key="tabular", title=prepared.title, digest=prepared.digest, file=file,
            starter=starter, summary=prepared.summary, now=cast.now,
        )  # fmt: skip


def opened(cast: Cast, admin: Actor) -> Call:
    """Import a call, add its suite and open it."""
    call = imported(cast, admin)
    with_suite(cast, admin, call)
    with cast.house.database.transaction() as session:
        operations.open_call(session, actor=admin, call=call, now=cast.now)
    return call
