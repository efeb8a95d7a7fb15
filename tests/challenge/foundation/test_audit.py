"""The audit log notices whatever is done to it behind its back."""

import random

import pytest
from sqlalchemy import text

from challenge.foundation.audit import audit_head, first_break, write_line
from challenge.foundation.permits import PLATFORM
from tests.cast import Cast

CHANGES = {
    "changed particulars": "UPDATE audit_lines SET particulars = '[]' WHERE number = 7",
    "changed actor": "UPDATE audit_lines SET actor_name = 'somebody else' WHERE number = 7",
    "changed instant": "UPDATE audit_lines SET at = '2001-01-01 00:00:00+00:00' WHERE number = 7",
    "changed verb": "UPDATE audit_lines SET verb = 'nothing' WHERE number = 1",
    "changed hash": "UPDATE audit_lines SET hash = 'x' WHERE number = 7",
    "removed in the middle": "DELETE FROM audit_lines WHERE number = 7",
    "removed at the start": "DELETE FROM audit_lines WHERE number = 1",
    "removed at the end": "DELETE FROM audit_lines WHERE number = 12",
    "swapped": (
        "UPDATE audit_lines SET particulars = (SELECT particulars FROM audit_lines AS other"
        " WHERE other.number = 11 - audit_lines.number) WHERE number IN (5, 6)"
    ),
    "renumbered": "UPDATE audit_lines SET number = 13 WHERE number = 7",
    "an emptied log": "DELETE FROM audit_lines",
}


def _fill(cast: Cast) -> None:
    for number in range(1, 13):
        with cast.house.database.transaction() as session:
            write_line(session, actor=PLATFORM, verb="count", subject="test", now=cast.now, particulars={"n": number})


def test_an_untouched_log_holds(cast: Cast) -> None:
    _fill(cast)
    with cast.house.database.reading() as session:
        assert first_break(session) is None
        assert audit_head(session)[0] == 12


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_touched_log_is_found_out(cast: Cast, change: str) -> None:
    _fill(cast)
    with cast.house.database.transaction() as session:
        assert session.execute(text(CHANGES[change])).rowcount > 0
    with cast.house.database.reading() as session:
        broken = first_break(session)
    assert broken is not None


def test_the_command_names_the_line(cast: Cast) -> None:
    _fill(cast)
    runner = cast.app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).output.startswith("The log holds: 12 lines, head ")
    with cast.house.database.transaction() as session:
        session.execute(text(CHANGES["changed actor"]))
    found = runner.invoke(args=["audit", "verify"])
    assert found.exit_code == 1
    assert found.output == "Line 7 was changed after it was written.\n"


def test_a_deed_undone_leaves_no_line(cast: Cast) -> None:
    _fill(cast)
    with pytest.raises(ZeroDivisionError), cast.house.database.transaction() as session:
        write_line(session, actor=PLATFORM, verb="count", subject="test", now=cast.now)
        raise ZeroDivisionError
    with cast.house.database.reading() as session:
        assert audit_head(session)[0] == 12
        assert first_break(session) is None


def test_a_line_takes_no_floats(cast: Cast) -> None:
    share = random.Random(1).random()
    with pytest.raises(TypeError, match="float has no canonical form"), cast.house.database.transaction() as session:
        write_line(session, actor=PLATFORM, verb="x", subject="x", now=cast.now, particulars={"share": share})
