"""A winner that has released what was evaluated, on a hub of this machine or elsewhere, and the platform's looks at it."""

import io
import zipfile
from collections.abc import Mapping
from datetime import timedelta

import numpy as np
from sqlalchemy import select, update

from challenge.awards import operations, operations_checks, queries, queries_checks
from challenge.awards.operations_look import Looked
from challenge.awards.records import Award, Obligation
from challenge.awards.records_checks import ReleaseCheck
from challenge.submissions.records import Submission
from challenge.worker.checking import check_next
from challenge.worker.round import evaluator
from evaluation.licences import Reason, known_texts
from evaluation.publications.looking import Registry
from tests.cast import Cast
from tests.challenge.awards.prize import judged, propose, sign
from tests.challenge.judging.bench import Bench
from tests.challenge.submissions.hubs import COMMIT, MODEL
from tests.evaluation.models.making import safetensors
from tests.stage import DOCUMENT

WEIGHTS = "model.safetensors"
CARD = b"---\nlicense: mit\n---\n# Tiny\n"
FILES: Mapping[str, bytes] = {
    "config.json": b'{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}',
    "README.md": CARD,
    "LICENSE": known_texts()["MIT"].encode(),
    WEIGHTS: safetensors({"w": np.arange(2_500, dtype="<f4"), "v": np.arange(9, dtype="<f4")}),
}
LEASE = timedelta(minutes=1)
REFERENCE = f"{MODEL}@{COMMIT}"


def packed(files: Mapping[str, bytes] = FILES) -> bytes:
    """Pack what was evaluated."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def won(cast: Cast, files: Mapping[str, bytes] | None = FILES) -> Bench:
    """Return a bench whose decision is signed and whose winner, Alder, had handed in a package of these files."""
    bench = judged(cast, selection={**DOCUMENT["selection"], "winners": 2})
    sign(bench, propose(bench))
    if files is not None:
        stored = cast.house.files.put(io.BytesIO(packed(files)), limit=10**8)
        with bench.writing() as session:
            changed = {"package_sha256": stored.sha256, "package_size": stored.size, "package_name": "package.zip"}
            session.execute(update(Submission).where(Submission.id == bench.entry("Alder").id).values(**changed))
    return bench


def award(bench: Bench, team: str = "Alder") -> Award:
    """Return the award of a team."""
    with bench.cast.house.database.reading() as session:
        return session.scalars(select(Award).where(Award.submission_id == bench.entry(team).id)).one()


def duty(bench: Bench) -> Obligation:
    """Return Alder's duty as it stands."""
    with bench.cast.house.database.reading() as session:
        return queries.duty_of(session, award(bench))


def prove(bench: Bench, *, url: str = "", sha256: str = "", doi: str = "", model: str = "") -> None:
    """Hand in Alder's proof."""
    with bench.writing() as session:
        operations.prove_release(
            session, actor=bench.field.captains["Alder"], award=queries.award(session, award(bench).id), url=url,
            sha256=sha256, doi=doi, model=model, hub=bench.cast.house.settings.hub, now=bench.cast.now,
        )  # fmt: skip


def accept(bench: Bench, reason: str = "") -> None:
    """Accept Alder's proof."""
    with bench.writing() as session:
        found = queries.award(session, award(bench).id)
        operations.accept_proof(session, actor=bench.admin, award=found, reason=reason, now=bench.cast.now)


def look(bench: Bench, registry: Registry | None = None) -> bool:
    """Let a worker take one look."""
    return check_next(evaluator(bench.cast.house), registry)


def checks(bench: Bench) -> list[ReleaseCheck]:
    """Return the looks at Alder's proof, newest first."""
    with bench.cast.house.database.reading() as session:
        return queries_checks.checks_of(session, queries.duty_of(session, award(bench)))


def codes(check: ReleaseCheck) -> list[object]:
    """List the codes of what a look found."""
    return [finding["code"] for finding in check.findings]


def looked_at(bench: Bench, *found: str, unknown: bool = False) -> ReleaseCheck:
    """Write down a look that found these codes, or that nobody could tell, without looking."""
    cast = bench.cast
    with bench.writing() as session:
        owed = queries.duty_of(session, award(bench))
        if all(one.outcome for one in queries_checks.checks_of(session, owed)):
            operations_checks.ask_for_check(session, owed, now=cast.now)
    with bench.writing() as session:
        claim = operations_checks.claim_check(session, worker="hand", lease=LEASE, now=cast.now, hubs=True)
        assert claim is not None
        looked = Looked(
            findings=[Reason(code, f"As found: {code}.", "LICENSE", 3, "Mend it.") for code in found],
            is_unknown=unknown, explanations=["As staged."],
        )  # fmt: skip
        assert operations_checks.end_check(session, claim=claim, looked=looked, now=cast.now)
    return checks(bench)[0]
