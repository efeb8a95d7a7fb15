"""What the tests of this room share: a call file near the tests' own day, and a small suite as a zip."""

import io
import zipfile
from pathlib import Path

import challenge.calls
from challenge.calls import operations
from challenge.calls.callfile import parse_call
from challenge.calls.records import Call
from challenge.foundation.permits import Actor
from tests.cast import Cast

EXAMPLE = (Path(challenge.calls.__file__).parent / "examples" / "lagc-2026.yaml").read_text(encoding="utf-8")
SOON = EXAMPLE.replace("lagc-2026", "soon").replace(
    "opens: 1 September 2026, 10:00 CEST", "opens: 1 March 2026, 10:00 CET"
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
