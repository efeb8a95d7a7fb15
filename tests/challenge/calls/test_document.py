"""The document of a call comes back as its rules."""

from datetime import timedelta

from challenge.calls import queries
from challenge.calls.document import PhaseKind
from tests.cast import TODAY, Cast
from tests.stage import stage_call


def test_the_rules_in_force_come_back_from_their_document(cast: Cast) -> None:
    call = stage_call(cast)
    with cast.house.database.reading() as session:
        rules = queries.rules_of(session, call)
    assert rules.prize.cents == 100_000_000
    assert [machine.machine for machine in rules.hours] == ["LUMI", "Leonardo"]
    assert rules.selection.jury_anchor_halves == (20, 30)
    assert rules.eligibility.countries[0] == "BE"


def test_a_phase_covers_its_first_instant_and_not_its_last(cast: Cast) -> None:
    call = stage_call(cast)
    with cast.house.database.reading() as session:
        rules = queries.rules_of(session, call)
    phase = rules.phase(PhaseKind.SUBMISSION)
    assert phase is not None
    microsecond = timedelta(microseconds=1)
    assert phase.covers(phase.opens)
    assert not phase.covers(phase.opens - microsecond)
    assert phase.covers(phase.closes - microsecond)
    assert not phase.covers(phase.closes)
    assert rules.open_phase(TODAY) == phase
