"""Reads the repositories of Hugging Face competitions: `conf.json`, three pages, and the files they are scored by."""

import re

from challenge.calls.importing.drafts import Board, BoardMetric, Draft, DraftPage, DraftPhase, DraftSuite
from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.moments import read_moment
from challenge.calls.importing.plain_text import one_line
from challenge.calls.importing.reports import Weight
from challenge.calls.positions import Plain

NAME = "Hugging Face competitions"
FILE = "conf.json"

_KEYS = {
    "COMPETITION_TYPE": "What a team hands in follows from the suites.",
    "SUBMISSION_LIMIT": "It is a limit by the day; a call counts submissions of a phase in total.",
    "TIME_LIMIT": "How long an evaluation may take is the operator's setting.",
    "HARDWARE": "On which machines entries are evaluated is the operator's setting.",
    "SELECTION_LIMIT": "The newest scored entry of a team stands on the board.",
    "SUBMISSION_ID_COLUMN": "A file of predictions always has the columns task, item and prediction.",
    "SUBMISSION_COLUMNS": "A file of predictions always has the columns task, item and prediction.",
    "SUBMISSION_ROWS": "How many items there are follows from the suite.",
    "SUBMISSION_FILENAMES": "A team hands in one file of predictions, or one package.",
    "LOGO": "A call has no logo; the address is kept in the original, and nothing is fetched from it.",
    "DATASET": "It names a data set elsewhere; nothing is fetched. The suite has to hold the data.",
}
_PAGES = {"COMPETITION_DESC.md": "Overview", "DATASET_DESC.md": "Data", "SUBMISSION_DESC.md": "How to hand in"}
_FILES = {
    "solution.csv": "the hidden data", "metric.py": "the scoring program",
    "requirements.txt": "what the scoring program needs",
}  # fmt: skip
_LOWER = re.compile(r"(?!neg_|negative_).*(error|loss|rmse|mse|mae|perplexity|wer|cer)$")


def fits(file: str, plain: Plain) -> bool:
    """Tell whether a configuration is one of a Hugging Face competition."""
    keys = plain.keys() if isinstance(plain, dict) else set()
    return file.endswith(".json") and bool({"EVAL_METRIC", "EVAL_HIGHER_IS_BETTER", "COMPETITION_TYPE"} & keys)


def read(ledger: Ledger) -> Draft:
    """Read the configuration and what lies beside it."""
    ledger.leave_known((), _KEYS)
    pages = [page for file, title in _PAGES.items() if (page := _page(ledger, file, title))]
    for file, use in _FILES.items():
        if file in ledger.desk.bundle.sizes:
            ledger.desk.uses[file] = f"{use}: kept in the original, never run"
            ledger.desk.named.append((use, file))
    closes = read_moment(ledger, ("END_DATE",), "when the phase closes", closes=True, optional=True)
    if ledger.at(("END_DATE",)) in (None, ""):
        ledger.doubt((), "Nothing says when the competition ends. Write it into the draft.")
    phase = DraftPhase(
        title="Submission",
        name="END_DATE",
        line=ledger.line(("END_DATE",)),
        opens=None,
        closes=closes,
        submissions=None,
        suites=("Solution",),
        doubt="" if closes else "the bundle has no end",
    )
    overview = next((page.text for page in pages if page.title == "Overview"), "")
    heading = overview.split("\n")[0]
    return Draft(
        format=NAME,
        zone=ledger.desk.zone or "UTC",
        title=one_line(heading.lstrip("# "))[:200] if heading.startswith("#") else "",
        summary=ledger.summary((), overview),
        phases=(phase,),
        boards=(Board("Leaderboard", (_metric(ledger),)),),
        suites=(
            DraftSuite("Solution", "its hidden data is solution.csv, whose column split parts public from private"),
        ),
        files=tuple(dict.fromkeys(ledger.desk.named)),
        pages=tuple(pages),
    )


def _page(ledger: Ledger, file: str, title: str) -> DraftPage | None:
    source = ledger.desk.bundle.text(file)
    if source is None:
        if file in ledger.desk.bundle.sizes:
            ledger.desk.remark(Weight.NOTE, file, "It is no text in UTF-8 of up to 256 kB; it is kept in the original.")
        return None
    ledger.desk.uses[file] = f"the page “{title}”, as plain text"
    return DraftPage(title, ledger.inert((), source, file))


def _metric(ledger: Ledger) -> BoardMetric:
    """Read the metric that ranks, and its direction; a name that speaks of an error is held against it."""
    name = ledger.text(("EVAL_METRIC",), "the metric, or the program that computes it")
    ranks = ledger.text(("SCORING_METRIC",), "the metric that ranks") or name
    higher = ledger.flag(("EVAL_HIGHER_IS_BETTER",), "the direction of the metric")
    if higher is None:
        ledger.doubt((), "Nothing says whether higher or lower scores are better. Its suite has to say it.")
    elif higher and _LOWER.match(ranks.lower()):
        sentence = f"Higher is better here, and {ranks[:60]!r} is a name of errors. Look which of the two is meant."
        ledger.doubt(("EVAL_HIGHER_IS_BETTER",), sentence, ("SCORING_METRIC",), ("EVAL_METRIC",))
    return BoardMetric(ranks, ranks, higher, ledger.line(("EVAL_HIGHER_IS_BETTER",)))
