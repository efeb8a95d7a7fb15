"""The real worker looks at releases on a real hub of this machine, and asks a real registry of DOIs there."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from challenge.awards.operations_checks import sweep_checks
from challenge.awards.states import CheckOutcome, CheckState
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.audit import AuditLine
from challenge.submissions.operations_hub import why_not_fetched
from challenge.submissions.records import Submission
from challenge.worker.checking import ask_for_looks, check_next, give_up_deserted_checks
from challenge.worker.loop import work
from challenge.worker.round import evaluator
from evaluation.licences import weights_of
from tests.cast import Cast
from tests.challenge.awards.releasing import (
    CARD,
    FILES,
    REFERENCE,
    WEIGHTS,
    accept,
    checks,
    codes,
    duty,
    look,
    packed,
    prove,
    won,
)
from tests.challenge.judging.bench import Bench
from tests.challenge.runs.engines import until
from tests.challenge.submissions.hubs import with_hub
from tests.evaluation.hub.serving import Served, served
from tests.evaluation.models.making import safetensors
from tests.evaluation.publications.serving import serving

LARGE = frozenset({WEIGHTS})
SHA256 = "ab" * 32
DOI = "10.5281/zenodo.1234567"
ARTICLE = {
    "title": "Small models", "author": [{"given": "Ada", "family": "Alder"}], "issued": {"date-parts": [[2027, 3, 1]]},
}  # fmt: skip


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A winner, Alder, whose package was evaluated."""
    return won(cast)


@contextmanager
def released(bench: Bench, files: Mapping[str, bytes] = FILES, **ill: Any) -> Iterator[Served]:
    """Serve files as the commit that Alder released, and hand in the proof; skip where nothing can be fetched."""
    if why_not := why_not_fetched():
        pytest.skip(why_not)
    with served(dict(files), large=LARGE, **ill) as hub:
        with_hub(bench.cast, hub.hub.endpoint)
        prove(bench, model=REFERENCE)
        yield hub


def left_in_the_folder(cast: Cast) -> list[Path]:
    """Return what lies where releases are fetched."""
    return list((cast.house.settings.instance / "work").glob("run-*"))


def test_a_release_of_what_was_evaluated_is_clear_and_leaves_nothing_behind(bench: Bench, tmp_path: Path) -> None:
    with released(bench):
        assert look(bench)
        assert not look(bench)
    [check] = checks(bench)
    assert (check.outcome, check.findings, check.texts) == (CheckOutcome.CLEAR, [], []), check.explanation
    assert (check.verdict, check.concluded) == (LicenceVerdict.COMPLIANT, "MIT")
    (tmp_path / "package.zip").write_bytes(packed())
    [file] = weights_of(tmp_path / "package.zip")
    assert [one["sha256"] for one in check.weights] == [file.sha256]
    assert check.engine.startswith("evaluation ")
    assert left_in_the_folder(bench.cast) == []
    with bench.cast.house.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "end_release_check")).one()
    assert file.sha256 in line.particulars


def test_other_weights_and_another_licence_are_found_and_shown_word_by_word(bench: Bench) -> None:
    other = safetensors({"w": np.arange(2_500, dtype="<f4") + 1, "v": np.arange(9, dtype="<f4")})
    text = FILES["LICENSE"].replace(b"free of charge", b"for a fee")
    gate = CARD.replace(b"license: mit", b"license: apache-2.0\nextra_gated_fields:\n  Name: text")
    with released(bench, {**FILES, WEIGHTS: other, "LICENSE": text, "README.md": gate}):
        assert look(bench)
    [check] = checks(bench)
    assert check.outcome is CheckOutcome.FINDINGS
    assert codes(check) == ["WEIGHTS_DIFFER", "LICENCE_CHANGED", "LICENCE_CHANGED", "ACCESS_RESTRICTED"]
    assert "namely w." in str(check.findings[0]["sentence"])
    assert check.verdict is not LicenceVerdict.COMPLIANT
    page = bench.cast.browser(bench.admin).get(f"/awards/{duty(bench).award_id}").get_data(as_text=True)
    assert '<ins><span class="hidden">added: </span>for a fee,' in page
    assert '<del><span class="hidden">missing: </span>free of charge,' in page
    assert "Why it is accepted all the same" in page


@pytest.mark.parametrize(
    ("files", "changes", "code"),
    [
        ({"README.md": CARD, "model.bin": b"x"}, {}, "NOT_YET_RELEASED"),
        ({**FILES, "vocab.txt": b"\x80\x04N."}, {}, "MODEL_REFUSED"),
        (dict(FILES), {"hub_gigabytes": 0}, "TOO_LARGE"),
    ],
)
def test_what_is_not_released_or_not_sound_is_a_finding(
    bench: Bench, files: dict[str, bytes], changes: dict[str, Any], code: str
) -> None:
    with released(bench, files) as hub:
        with_hub(bench.cast, hub.hub.endpoint, **changes)
        assert look(bench)
    [check] = checks(bench)
    assert (check.outcome, codes(check), check.verdict) == (CheckOutcome.FINDINGS, [code], None)
    assert str(bench.cast.house.settings.instance) not in check.explanation
    assert left_in_the_folder(bench.cast) == []


def test_a_commit_that_the_hub_does_not_hand_out_is_not_yet_released(bench: Bench) -> None:
    if why_not := why_not_fetched():
        pytest.skip(why_not)
    with served(dict(FILES)) as hub:
        with_hub(bench.cast, hub.hub.endpoint)
        prove(bench, model=REFERENCE.replace("tiny", "other"))
        assert look(bench)
    assert codes(checks(bench)[0]) == ["NOT_YET_RELEASED"]


def test_a_hub_that_is_away_says_nothing_and_is_asked_again(bench: Bench) -> None:
    with released(bench):
        pass
    for attempt in range(1, 7):
        assert look(bench)
        [check] = checks(bench)
        assert check.attempts == attempt
        bench.cast.clock.advance(timedelta(hours=4))
        assert not left_in_the_folder(bench.cast)
    assert (check.state, check.outcome, check.findings) == (CheckState.ENDED, CheckOutcome.UNKNOWN, [])
    assert ask_for_looks(bench.cast.house) == 0
    bench.cast.clock.advance(timedelta(hours=21))
    assert ask_for_looks(bench.cast.house) == 1
    assert ask_for_looks(bench.cast.house) == 0
    assert [one.is_whole for one in checks(bench)] == [True, True]


def test_a_hub_that_is_not_true_to_its_word_says_nothing_about_the_release(bench: Bench) -> None:
    with released(bench, spoil=lambda content: content[:-1] + b"?"):
        assert look(bench)
    assert (checks(bench)[0].outcome, checks(bench)[0].findings) == (CheckOutcome.UNKNOWN, [])


def test_an_accepted_release_is_looked_at_again_without_its_weights(bench: Bench) -> None:
    with released(bench) as hub:
        assert look(bench)
        accept(bench)
        bench.cast.clock.advance(timedelta(days=6))
        assert ask_for_looks(bench.cast.house) == 0
        bench.cast.clock.advance(timedelta(days=1))
        hub.seen.clear()
        work(bench.cast.house, once=True)
        assert not [path for _, path, _ in hub.seen if WEIGHTS in path]
        assert [path for _, path, _ in hub.seen if "README.md" in path]
        again = checks(bench)[0]
        assert (again.outcome, again.is_whole, again.findings) == (CheckOutcome.CLEAR, False, []), again.explanation
        hub.files["README.md"] = CARD.replace(b"license: mit", b"license: mit\nextra_gated_prompt: Agree!")
        hub.listed[WEIGHTS] = {"lfs": {"sha256": SHA256, "size": len(FILES[WEIGHTS]), "pointerSize": 130}}
        bench.cast.clock.advance(timedelta(days=7))
        work(bench.cast.house, once=True)
    assert codes(checks(bench)[0]) == ["ACCESS_RESTRICTED", "WEIGHTS_DIFFER"]
    assert len(checks(bench)) == 3
    desk = bench.cast.browser(bench.admin).get("/desk").get_data(as_text=True)
    assert "The release of Alder is no longer as it was accepted" in desk


def test_the_hash_beside_an_address_is_held_against_what_was_evaluated(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "package.zip").write_bytes(packed())
    [file] = weights_of(tmp_path / "package.zip")
    prove(bench, url="https://models.example/alder", sha256=file.sha256)
    assert look(bench)
    [check] = checks(bench)
    assert (check.outcome, check.findings) == (CheckOutcome.CLEAR, [])
    assert check.explanation == f"The SHA-256 beside the address is that of {WEIGHTS} in the evaluated package."


@pytest.mark.parametrize(("files", "code"), [(FILES, "WEIGHTS_DIFFER"), (None, "WEIGHTS_UNKNOWN")])
def test_a_hash_of_something_else_is_a_finding(cast: Cast, files: dict[str, bytes] | None, code: str) -> None:
    bench = won(cast, files)
    prove(bench, url="https://models.example/alder", sha256=SHA256)
    assert look(bench)
    assert (checks(bench)[0].outcome, codes(checks(bench)[0])) == (CheckOutcome.FINDINGS, [code])


def test_an_evaluated_package_that_cannot_be_read_is_said_and_stops_nothing(cast: Cast) -> None:
    bench = won(cast, {"../out": b"x", WEIGHTS: FILES[WEIGHTS]})
    prove(bench, url="https://models.example/alder", sha256=SHA256)
    assert look(bench)
    assert "The evaluated package cannot be read: " in checks(bench)[0].explanation
    assert str(cast.house.settings.files) not in checks(bench)[0].explanation


def test_a_package_that_the_store_has_lost_is_no_finding(bench: Bench) -> None:
    with bench.cast.house.database.reading() as session:
        kept = session.get_one(Submission, bench.entry("Alder").id).package_sha256
    bench.cast.house.files.path(kept or "").unlink()
    with released(bench) as hub:
        assert look(bench)
        assert hub.seen == []
    assert (checks(bench)[0].outcome, checks(bench)[0].findings) == (CheckOutcome.UNKNOWN, [])
    assert "The platform's store lacks the evaluated package" in checks(bench)[0].explanation


def test_a_doi_is_looked_up_and_its_article_shown(bench: Bench) -> None:
    prove(bench, doi=DOI)
    with serving({DOI: ARTICLE}) as registry:
        assert look(bench, registry.registry)
    [check] = checks(bench)
    assert check.outcome is CheckOutcome.CLEAR
    page = bench.cast.browser(bench.admin).get(f"/awards/{duty(bench).award_id}").get_data(as_text=True)
    assert "“Small models”, Ada Alder, 2027-03-01" in page


def test_a_doi_that_is_not_registered_is_a_finding_and_a_registry_that_is_away_is_none(bench: Bench) -> None:
    prove(bench, doi=DOI)
    with serving({}, status=500) as registry:
        assert look(bench, registry.registry)
    [check] = checks(bench)
    assert (check.state, check.attempts) == (CheckState.WAITING, 1)
    bench.cast.clock.advance(check.not_before - bench.cast.now)
    with serving({}) as registry:
        assert look(bench, registry.registry)
    assert codes(checks(bench)[0]) == ["NOT_YET_RELEASED"]


def test_a_machine_that_cannot_fetch_leaves_hubs_to_others_and_does_the_rest(bench: Bench, tmp_path: Path) -> None:
    with_hub(bench.cast)
    prove(bench, model=REFERENCE)
    without = replace(bench.cast.house, settings=replace(bench.cast.house.settings, engines=str(tmp_path / "none")))
    assert not check_next(evaluator(without))
    assert (checks(bench)[0].state, checks(bench)[0].attempts) == (CheckState.WAITING, 0)


def test_a_worker_that_leaves_hands_the_look_back_and_one_that_is_silent_loses_it(bench: Bench) -> None:
    with released(bench) as hub:
        leaving = replace(evaluator(bench.cast.house), is_leaving=lambda: bool(hub.seen))
        assert check_next(leaving)
        assert (checks(bench)[0].state, checks(bench)[0].attempts) == (CheckState.WAITING, 0)
        assert left_in_the_folder(bench.cast) == []
        slow = threading.Event()

        def waiting(content: bytes) -> bytes:
            slow.wait(60)
            return content

        hub.spoil = waiting
        house = bench.cast.house
        beside = threading.Thread(target=check_next, args=(evaluator(house, worker="slow"),))
        beside.start()
        try:
            until(lambda: checks(bench)[0].state is CheckState.RUNNING, seconds=120)
            assert give_up_deserted_checks(evaluator(house)) == 0
            with bench.writing() as session:
                assert sweep_checks(session, now=bench.cast.now + timedelta(minutes=5))
        finally:
            slow.set()
            beside.join(120)
    [check] = checks(bench)
    assert (check.state, check.outcome) == (CheckState.WAITING, None), "whoever lost the lease is refused"
