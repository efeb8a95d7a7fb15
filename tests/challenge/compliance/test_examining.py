"""A package is examined once, its verdict shows what was found, and no package stops the desk."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from challenge.compliance import operations, queries
from challenge.compliance.records import Examination
from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.audit import AuditLine, first_break
from challenge.foundation.files import FileStore
from challenge.submissions.states import Route
from challenge.worker.round import open_what_is_new
from evaluation.licences import PACKAGE_LIMITS
from tests.challenge.compliance.packages import (
    Bureau,
    card,
    codes,
    licence,
    package,
    sentences,
    zipped,
)


def test_a_sound_package_is_compliant_and_its_team_is_told(bureau: Bureau) -> None:
    found = bureau.examined(package())
    assert (found.state, found.verdict, found.reasons) == (ExaminationState.ENDED, LicenceVerdict.COMPLIANT, [])
    assert (found.declared, found.detected, found.concluded) == (
        "Apache-2.0 / apache-2.0", "Apache-2.0", "Apache-2.0",
    )  # fmt: skip
    assert found.ai_act_exempt is True
    assert re.fullmatch(r"evaluation \S+, policy large-ai-grand-challenge 2", found.engine)
    assert bureau.letters() == [
        (
            "trial-0001: licence compliant",
            "The licence of “Entry 1” (trial-0001) was examined: compliant.\n\n"
            "All of it is on the page /compliance/trial-0001.",
        )
    ]


def test_asking_and_examining_have_one_line_each_in_the_log(bureau: Bureau) -> None:
    submission = bureau.submission(package({"LICENSE": None}))
    bureau.asked(submission)
    bureau.examine_next()
    assert bureau.verbs(submission) == ["ask_examination", "examine"]
    with bureau.cast.house.database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.verb == "examine")).one()
        assert first_break(session) is None
    assert line.actor_name == "platform"
    assert json.loads(line.particulars) == {
        "codes": ["DECLARED_ONLY"],
        "engine": bureau.examination(submission).engine,
        "scan": 1,
        "verdict": "needs_review",
    }


def test_however_often_it_is_asked_a_submission_is_examined_once(bureau: Bureau) -> None:
    submission = bureau.submission(package())
    assert bureau.asked(submission) is not None
    assert bureau.asked(submission) is None
    assert bureau.examine_next()
    assert not bureau.examine_next()
    assert bureau.asked(submission) is None
    assert len(bureau.letters()) == 1


def test_a_worker_asks_for_what_nobody_has_asked_for_yet(bureau: Bureau) -> None:
    first, second = bureau.submission(package()), bureau.submission(None)
    bureau.asked(first)
    with bureau.cast.house.database.reading() as session:
        assert [one.id for one in queries.unexamined(session, limit=10)] == [second.id]
    open_what_is_new(bureau.cast.house)
    with bureau.cast.house.database.reading() as session:
        assert queries.unexamined(session, limit=10) == []
        assert [one.submission_id for one in queries.waiting(session)] == [first.id, second.id]


class SecondWorker(FileStore):
    """A store that lets another worker finish the same examination while the first looks for the file."""

    def __init__(self, bureau: Bureau) -> None:
        super().__init__(bureau.cast.house.files.folder)
        self.bureau, self.busy = bureau, False

    def path(self, sha256: str) -> Path:
        """Say where a file lies, after the other worker is done."""
        if not self.busy:
            self.busy = True
            assert self.bureau.examine_next()
        return super().path(sha256)


def test_of_two_workers_at_one_package_one_writes_the_verdict(bureau: Bureau) -> None:
    submission = bureau.submission(package())
    bureau.asked(submission)
    house = bureau.cast.house
    assert operations.examine_next(house.database, SecondWorker(bureau), now=bureau.cast.now)
    assert bureau.verbs(submission) == ["ask_examination", "examine"]
    assert len(bureau.letters()) == 1


@pytest.mark.parametrize(
    ("changes", "verdict", "code", "sentence"),
    [
        (
            {"LICENSE": None},
            LicenceVerdict.NEEDS_REVIEW,
            "DECLARED_ONLY",
            "Apache-2.0 is declared, and its text is not in the package as it stands.",
        ),
        (
            {"LICENSE": licence("Apache-2.0") + "\nNot for use in advertising.\n"},
            LicenceVerdict.NEEDS_REVIEW,
            "MODIFIED_TEXT",
            "The text is near Apache-2.0 and differs from it: added “not for use in advertising”.",
        ),
        (
            {"LICENSE": licence("GPL-3.0-only")},
            LicenceVerdict.NON_COMPLIANT,
            "TEXT_MISMATCH",
            "The form declares Apache-2.0, and the text is GPL-3.0-only.",
        ),
        (
            {"README.md": card("license: mit")},
            LicenceVerdict.NON_COMPLIANT,
            "TEXT_MISMATCH",
            "README.md declares MIT, and the form declares Apache-2.0.",
        ),
        (
            {"LICENSE": "Ask me first."},
            LicenceVerdict.NEEDS_REVIEW,
            "UNKNOWN_TEXT",
            "The text is none of the licences known here.",
        ),
        (
            {"model.safetensors": None},
            LicenceVerdict.NON_COMPLIANT,
            "COMPONENT_MISSING",
            "The package holds no model weights that can be read.",
        ),
        (
            {"model.pt": b"\x80\x04N."},
            LicenceVerdict.NEEDS_REVIEW,
            "PICKLE",
            "The file is or may be a Python pickle, which can run code and is never opened.",
        ),
    ],
)
def test_what_is_wrong_with_a_package_is_said_with_its_remedy(
    bureau: Bureau, changes: dict[str, str | bytes | None], verdict: LicenceVerdict, code: str, sentence: str
) -> None:
    found = bureau.examined(package(changes))
    assert found.verdict is verdict
    assert code in codes(found)
    assert sentence in sentences(found)
    [(_, body)] = bureau.letters()
    assert sentence in body
    assert all(str(reason["remedy"]) in body for reason in found.reasons)
    assert ("An officer looks at it and decides" in body) is (verdict is LicenceVerdict.NEEDS_REVIEW)


def test_the_declared_licence_of_the_form_counts_like_one_in_the_package(bureau: Bureau) -> None:
    assert "TEXT_MISMATCH" in codes(bureau.examined(package(), licence="MIT"))
    assert bureau.examined(package(), licence="").verdict is LicenceVerdict.COMPLIANT


def test_without_a_package_nothing_can_be_found_compliant(bureau: Bureau) -> None:
    found = bureau.examined(None)
    assert found.verdict is LicenceVerdict.NON_COMPLIANT
    assert codes(found) == ["DECLARED_ONLY", "COMPONENT_MISSING"]
    nothing = bureau.examined(None, licence="")
    assert codes(nothing) == ["NO_LICENCE", "COMPONENT_MISSING"]


def test_a_promised_publication_needs_a_doi_and_somebody_who_looks_it_up(bureau: Bureau) -> None:
    promised = bureau.examined(package(), route=Route.PUBLICATION)
    assert (promised.verdict, codes(promised)) == (LicenceVerdict.NON_COMPLIANT, ["PUBLICATION_MISSING"])
    published = bureau.examined(None, route=Route.PUBLICATION, doi="10.5281/zenodo.1234567")
    # nobody is asked here, so that a person looks; what a registry's answers lead to stands in test_publishing.py
    assert (published.verdict, codes(published)) == (LicenceVerdict.NEEDS_REVIEW, ["DOI_UNASKED"])


MOST = PACKAGE_LIMITS.entries


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("model.safetensors")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (zipped({"../LICENSE": "x"}), "'../LICENSE': an entry's name must not leave its folder"),
        (zipped({"/etc/passwd": "x"}), "'/etc/passwd': an entry's name must be relative"),
        (zipped({_link(): "/etc/passwd"}), "'model.safetensors': links are not allowed"),
        (zipped({"LICENSE": b"\0" * 5_000_000}), "'LICENSE': unpacks to more than 100 times its size"),
        (
            zipped({f"{number}.txt": "" for number in range(MOST + 1)}),
            f"the archive holds {MOST + 1:,} entries; at most {MOST:,}",
        ),
        (package()[:-30], "not a zip archive, or cut off before its end"),
        (b"no zip at all", "neither a folder nor a zip archive"),
    ],
)
def test_a_hostile_or_broken_archive_is_refused_in_a_sentence(bureau: Bureau, packed: bytes, words: str) -> None:
    before = sorted(bureau.cast.house.settings.instance.parent.rglob("LICENSE"))
    found = bureau.examined(packed)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NON_COMPLIANT, ["PACKAGE_UNREADABLE"])
    assert sentences(found).startswith(f"The package cannot be read: {words}")
    assert str(bureau.cast.house.files.folder) not in sentences(found), "the sentence tells where the files lie"
    assert sorted(bureau.cast.house.settings.instance.parent.rglob("LICENSE")) == before


def test_a_package_that_the_store_lost_is_left_to_a_person(bureau: Bureau) -> None:
    submission = bureau.submission(package())
    bureau.cast.house.files.path(submission.package_sha256 or "").unlink()
    bureau.asked(submission)
    bureau.examine_next()
    found = bureau.examination(submission)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["PACKAGE_LOST"])
    assert "this is not the team's fault" in sentences(found)


def test_a_package_that_changed_in_the_store_is_not_the_teams_fault(bureau: Bureau) -> None:
    submission = bureau.submission(package())
    bureau.cast.house.files.path(submission.package_sha256 or "").write_bytes(package()[:-30])
    bureau.asked(submission)
    bureau.examine_next()
    found = bureau.examination(submission)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["PACKAGE_LOST"])
    assert "The platform's store holds other bytes than were handed in" in sentences(found)


def test_a_package_that_breaks_the_check_does_not_stop_those_behind_it(bureau: Bureau) -> None:
    broken, sound = bureau.submission(package({"NOTICE": "x"})), bureau.submission(package())
    # a file that is there and whose first bytes the system refuses to read, as on a failing disk
    path = bureau.cast.house.files.path(broken.package_sha256 or "")
    path.unlink()
    path.symlink_to("/proc/self/mem")
    for submission in (broken, sound):
        bureau.asked(submission)
        assert bureau.examine_next()
    found = bureau.examination(broken)
    assert (found.verdict, codes(found)) == (LicenceVerdict.NEEDS_REVIEW, ["CHECK_BROKEN"])
    assert "this is not the team's fault" in sentences(found)
    assert bureau.examination(sound).verdict is LicenceVerdict.COMPLIANT


def test_an_examination_whose_worker_died_is_made_by_the_next(bureau: Bureau) -> None:
    submission = bureau.submission(package())
    bureau.asked(submission)

    class Killed(FileStore):
        """A store in front of which the worker dies."""

        def path(self, sha256: str) -> Path:
            """Die."""
            raise SystemExit

    house = bureau.cast.house
    with pytest.raises(SystemExit):
        operations.examine_next(house.database, Killed(house.files.folder), now=bureau.cast.now)
    assert bureau.examination(submission).state is ExaminationState.WAITING
    assert bureau.examine_next()
    assert bureau.examination(submission).verdict is LicenceVerdict.COMPLIANT


def test_the_database_itself_asks_for_a_verdict_where_an_examination_has_ended(bureau: Bureau) -> None:
    bureau.asked(bureau.submission(package()))
    with pytest.raises(Exception, match="verdict_only_if_ended"), bureau.cast.house.database.transaction() as session:
        session.scalars(select(Examination)).one().state = ExaminationState.ENDED
    with bureau.cast.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Examination)) == 1
