"""Code is answered by how many of its programs passed, each tested once, and pass@k follows from the counts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest

from evaluation import Part, Suite
from evaluation.engines import (
    TEST_LIMITS,
    Batch,
    Outcome,
    Request,
    Row,
    TooMuchTime,
    answers_of,
    batches_of,
    notes_on_programs,
    outcomes_of,
    program_of,
    why_not_code,
)
from evaluation.engines import coding as module
from evaluation.predictions import Predictions
from evaluation.sandbox import Limits
from evaluation.scoring import score
from evaluation.suites import SuiteError
from evaluation.tasks import UNANSWERED
from tests.evaluation.public_sets.here import demand_sets, humaneval_rows

Make = Callable[..., Suite]
TASK = {
    "kind": "code", "metric": "pass_at_k", "floor": 0, "ceiling": 1, "samples": 3, "k": 2, "unit": 1_000_000,
    "ask": {"by": "text", "prompt": "def f(x):\n", "stop": ["\ndef"], "tokens": 64},
}  # fmt: skip
ITEMS = [f"i{n}" for n in range(4)]
RIGHT, WRONG, BROKEN = "    return x + 1\n", "    return x\n", "    return (\n"


@pytest.fixture(autouse=True)
def _held() -> None:
    """Skip where programs cannot be tested."""
    why_not = why_not_code()
    if why_not:
        pytest.skip(why_not)


@pytest.fixture
def suite(own_suite: Make) -> Suite:
    """Make a suite of four items of code that want the same."""
    tests = '"\nfor x in (1, 2):\n    assert f(x) == x + 1, x\n"'
    return own_suite(TASK, dict.fromkeys(ITEMS, tests), {item: {"x": item} for item in ITEMS})


def rows_of(suite: Suite, texts: Sequence[Sequence[str]]) -> dict[Batch, list[Row]]:
    """Let a model have written these, in the order of the batches' items."""
    left = iter(texts)
    return {
        batch: [
            Row(item=one.item, cut=False, texts=tuple(next(left)), truncated=(False,) * 3) for one in batch.requests
        ]
        for batch in batches_of(suite, parts=list(Part))
    }


def expected(passed: int) -> int:
    """Compute pass@2 of 3 in millionths, by its definition."""
    return round((1 - Fraction(comb(3 - passed, 2), comb(3, 2))) * 1_000_000)


def test_programs_are_counted_and_pass_at_k_follows(suite: Suite, tmp_path: Path) -> None:
    texts = [(RIGHT, RIGHT, RIGHT), (WRONG, RIGHT, WRONG), (RIGHT, BROKEN, RIGHT), (BROKEN, WRONG, BROKEN)]
    rows = rows_of(suite, texts)
    coded = outcomes_of(suite, rows, folder=tmp_path, wall_seconds=600)
    answers = answers_of(suite, rows, coded.outcomes)
    asked = [request.item for batch in rows for request in batch.requests]
    counts = dict(zip(asked, (3, 1, 2, 0), strict=True))
    assert answers["t"] == tuple(Decimal(counts[item]) for item in ITEMS)
    report = score(suite, Predictions(answers, "d"))
    values = {row["item"]: row["value"] for row in report.items.to_pylist()}
    assert values == {item: expected(count) for item, count in counts.items()}
    notes = notes_on_programs(coded.outcomes)
    assert [(note.part, note.code) for note in notes] == [(Part.PRIVATE, "unparsable_programs")]
    assert notes[0].sentence == "On task t, private part, 3 of 6, 50% of the programs are no Python."
    assert coded.cpu_seconds > 0


def test_what_is_known_is_not_tested_again(suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(suite, [(RIGHT, WRONG, RIGHT)] * 4)
    first = outcomes_of(suite, rows, folder=tmp_path, wall_seconds=600)
    lines = (tmp_path / module.FILE).read_bytes().split(b"\n")
    assert len(list(filter(None, lines))) == 2  # twelve programs, two of them different
    monkeypatch.setattr(module, "tried", None)
    again = outcomes_of(suite, rows, folder=tmp_path, wall_seconds=600)
    assert (again.outcomes, again.cpu_seconds) == (first.outcomes, 0)


def test_after_a_kill_only_the_rest_is_tested(suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(suite, [(RIGHT, WRONG, BROKEN)] * 4)
    whole = outcomes_of(suite, rows, folder=tmp_path, wall_seconds=600)
    content = (tmp_path / module.FILE).read_bytes()
    (tmp_path / module.FILE).write_bytes(content[: len(content) - 30])  # half a line
    ran: list[str] = []
    tried = module.tried

    def counted(program: str, tests: str, **more: object) -> object:
        ran.append(program)
        return tried(program, tests, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "tried", counted)
    for _ in range(2):
        assert outcomes_of(suite, rows, folder=tmp_path, wall_seconds=600).outcomes == whole.outcomes
    assert ran == ["def f(x):\n" + BROKEN]


def test_program_tests_and_limits_are_what_an_outcome_is_known_by(suite: Suite) -> None:
    (batch,) = batches_of(suite, parts=[Part.PUBLIC])
    one = module.Written(batch=batch, item="i1", program="p", tests="t")
    others = [replace(one, program="q"), replace(one, tests="u")]
    keys = {one.key(TEST_LIMITS), *(other.key(TEST_LIMITS) for other in others), one.key(Limits(cpu_seconds=1))}
    assert len(keys) == 4
    assert one.key(TEST_LIMITS) == replace(one, item="i2").key(TEST_LIMITS)


def test_all_programs_together_have_an_end(suite: Suite, tmp_path: Path) -> None:
    with pytest.raises(TooMuchTime, match="not tested within 0 seconds"):
        outcomes_of(suite, rows_of(suite, [(RIGHT,) * 3] * 4), folder=tmp_path, wall_seconds=1e-9)


def test_broken_tests_are_named(own_suite: Make, tmp_path: Path) -> None:
    suite = own_suite(TASK, dict.fromkeys(ITEMS, '"assert f(1) =="'), {item: {"x": item} for item in ITEMS})
    with pytest.raises(SuiteError, match=r"t: item 'i\d': the tests cannot be run: SyntaxError"):
        outcomes_of(suite, rows_of(suite, [(RIGHT,) * 3] * 4), folder=tmp_path, wall_seconds=600)


def test_items_that_were_not_asked_are_unanswered(suite: Suite, tmp_path: Path) -> None:
    rows = {batch: said for batch, said in rows_of(suite, [(RIGHT,) * 3] * 4).items() if batch.part is Part.PUBLIC}
    coded = outcomes_of(suite, rows, folder=tmp_path, wall_seconds=600)
    found = answers_of(suite, rows, coded.outcomes)["t"]
    parts = suite.truths["t"].parts
    assert found == tuple(Decimal(3) if part is Part.PUBLIC else UNANSWERED for part in parts)


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("    return 1\n", "def f(x):\n    return 1\n"),
        ("    return 1\ndef g():\n    pass\n", "def f(x):\n    return 1"),
        ("", "def f(x):\n"),
        ("\n    return 1  ", "def f(x):\n\n    return 1  "),
    ],
)
def test_a_program_is_the_prompt_and_what_follows_up_to_a_stop_blanks_and_all(text: str, program: str) -> None:
    assert program_of(Request(item="i", prompt="def f(x):\n"), text, ("\ndef", "\nclass")) == program


@pytest.fixture(scope="module")
def humaneval() -> list[dict[str, str]]:
    """Read HumanEval (Chen et al. 2021); skips where it is not there."""
    demand_sets()
    return humaneval_rows()


def outcome_of(row: dict[str, str], solution: str) -> Outcome:
    """Test a solution of a HumanEval problem as its authors do: prompt, solution, tests, and a call of them."""
    return module.tried(row["prompt"] + solution, f"{row['test']}\ncheck({row['entry_point']})\n").outcome


@pytest.mark.slow
def test_every_canonical_solution_of_humaneval_passes(humaneval: list[dict[str, str]]) -> None:
    found = {row["task_id"]: outcome_of(row, row["canonical_solution"]) for row in humaneval}
    assert len(found) == 164
    assert {name: outcome for name, outcome in found.items() if outcome is not Outcome.PASSED} == {}


@pytest.mark.slow
def test_every_canonical_solution_with_a_broken_last_line_fails(humaneval: list[dict[str, str]]) -> None:
    found = {row["task_id"]: outcome_of(row, _broken(row["canonical_solution"])) for row in humaneval}
    assert {name: outcome for name, outcome in found.items() if outcome is Outcome.PASSED} == {}


def _broken(solution: str) -> str:
    """Let the last line raise where it stood."""
    lines = solution.rstrip().split("\n")
    blanks = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())]
    return "\n".join([*lines[:-1], f"{blanks}raise LookupError"]) + "\n"
