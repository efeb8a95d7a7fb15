"""Reads EvalAI's bundles: `challenge_config.yaml` with boards, phases, dataset splits and what joins them."""

from dataclasses import replace

from challenge.calls.importing.boards import agreed, disagreements
from challenge.calls.importing.drafts import Board, BoardMetric, Draft, DraftPage, DraftPhase, DraftSuite
from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.moments import read_moment, unread
from challenge.calls.importing.phases import MOST_SUBMISSIONS, in_order
from challenge.calls.importing.plain_text import one_line
from challenge.calls.importing.reports import Remark, Weight
from challenge.calls.positions import Path, Plain

NAME = "EvalAI"
FILES = ("challenge_config.yaml", "challenge_config.yml")
ZONE = "UTC"
"""What EvalAI's documentation gives as the zone of its dates, which carry none."""

_PAGES = {
    "description": "Overview", "evaluation_details": "Evaluation", "terms_and_conditions": "Terms",
    "submission_guidelines": "How to hand in",
}  # fmt: skip
_AT_TOP = {
    "published": "A call is a draft until an admin opens it.",
    "remote_evaluation": "Where entries are evaluated is the operator's setting.",
    "tags": "A call has no tags.",
    "category": "A call has no categories.",
    "is_docker_based": "What a team hands in follows from the suites.",
    "is_static_dataset_code_upload": "What a team hands in follows from the suites.",
    "allowed_email_domains": "Who may enter is said by eligibility.",
    "blocked_emails_domains": "Who may enter is said by eligibility.",
    "blocked_email_domains": "Who may enter is said by eligibility.",
}
_OF_PHASES = {
    "challenge": "It is a number within EvalAI.",
    "is_active": "Whether a phase is open follows from its dates.",
    "is_public": "A call is public from its opening on.",
    "is_submission_public": "Whose entries are shown is decided at the board.",
    "leaderboard_public": "Whether a board is public is decided at the board.",
    "allowed_email_ids": "Who may enter is said by eligibility.",
    "max_submissions_per_day": "A call counts submissions of a phase in total.",
    "max_submissions_per_month": "A call counts submissions of a phase in total.",
    "max_concurrent_submissions_allowed": "Entries of a team wait in one fair queue.",
    "allowed_submission_file_types": "What a team hands in follows from the suites.",
    "is_restricted_to_select_one_submission": "The newest scored entry of a team stands on the board.",
    "is_partial_submission_evaluation_enabled": "An entry is evaluated on all suites.",
    "disable_logs": "What of a log a team may read is the same for all calls.",
    "default_submission_meta_attributes": "The form of a submission is the same for all calls.",
    "submission_meta_attributes": "The form of a submission is the same for all calls.",
}
_OF_JOINTS = {
    "visibility": "Who sees a board is decided at the board.",
    "leaderboard_decimal_precision": "It rounds raw scores; a call declares the decimals of points, in ranking.",
    "show_execution_time": "A board shows energy and cost beside each entry.",
    "show_leaderboard_by_latest_submission": "The newest scored entry of a team stands on the board.",
}


def fits(file: str, plain: Plain) -> bool:
    """Tell whether a configuration is one of EvalAI."""
    keys = plain.keys() if isinstance(plain, dict) else set()
    return {"challenge_phases", "challenge_phase_splits"} <= keys or (file in FILES and "challenge_phases" in keys)


def read(ledger: Ledger) -> Draft:
    """Read the configuration and the pages it names."""
    summary = ledger.words(("short_description",), "the call's summary")
    pages = [
        DraftPage(title, text)
        for key, title in _PAGES.items()
        if ledger.has((key,)) and (text := ledger.page((key,), title))
    ]
    pages += _page_or_words(ledger, ("leaderboard_description",), "Leaderboard")
    ledger.name_file(("image",), "the logo")
    ledger.name_file(("evaluation_script",), "the scoring program of all phases")
    ledger.leave_known((), _AT_TOP)
    title = ledger.text(("title",), "the call's title")
    known: dict[str, Path] = {}
    splits = dict(_split(ledger, path, known) for path in ledger.children(("dataset_splits",), "dataset splits"))
    known = {}
    phases = dict[str, DraftPhase]()
    for path in ledger.children(("challenge_phases",), "phases"):
        number, phase = _phase(ledger, path, known)
        phases[number] = phase
        pages += _page_or_words(ledger, (*path, "description"), f"Phase {phase.title}")
    boards, of = _boards(ledger, phases, splits)
    ordered, remarks = in_order(ledger.file, _with_suites(phases, of, splits))
    ledger.desk.remarks += remarks
    _check_bounds(ledger, ordered)
    return Draft(
        format=NAME,
        zone=ZONE,
        title=title,
        summary=ledger.summary(("short_description",), summary),
        phases=ordered,
        boards=boards,
        suites=tuple(DraftSuite(name) for name in splits.values()),
        files=tuple(dict.fromkeys(ledger.desk.named)),
        pages=tuple(pages),
    )


def _page_or_words(ledger: Ledger, path: Path, title: str) -> list[DraftPage]:
    """Read a page that is named by its file, or whose words stand there themselves, as organisers often write it."""
    written = ledger.at(path)
    if isinstance(written, str) and written.split()[1:] and not ledger.desk.bundle.found(written):
        text = ledger.words(path, f"the page “{title}”, as plain text")
    else:
        text = ledger.page(path, title) if ledger.has(path) else ""
    return [DraftPage(title, text)] if text else []


def _split(ledger: Ledger, path: Path, known: dict[str, Path]) -> tuple[str, str]:
    """Read a dataset split: its number, and its name."""
    name = ledger.text((*path, "name"), "the title of a suite")
    code = ledger.text((*path, "codename"), "what a suite is told apart by")
    return _identity(ledger, path, known), name or code


def _identity(ledger: Ledger, path: Path, known: dict[str, Path]) -> str:
    return ledger.identity((*path, "id"), "what joins phases, boards and suites", known)


def _phase(ledger: Ledger, path: Path, known: dict[str, Path]) -> tuple[str, DraftPhase]:
    title = ledger.text((*path, "name"), "the title of a phase")
    ledger.leave((*path, "codename"), "It is passed to the scorer; the suites of a call say how they are scored.")
    ledger.name_file((*path, "test_annotation_file"), f"the hidden data of “{title}”")
    ledger.leave_known(path, _OF_PHASES)
    count = ledger.number(
        (*path, "max_submissions"), "how many submissions a team has in the phase", least=1, most=MOST_SUBMISSIONS
    )
    closes = read_moment(ledger, (*path, "end_date"), "when the phase closes", closes=True, always=ZONE, optional=True)
    phase = DraftPhase(
        title=title,
        name=f"challenge_phases[{path[-1]}]",
        line=ledger.line(path),
        opens=read_moment(ledger, (*path, "start_date"), "when the phase opens", closes=False, always=ZONE),
        closes=closes,
        submissions=count,
        doubt=unread(ledger, (*path, "end_date"), closes),
    )
    return _identity(ledger, path, known), phase


def _boards(
    ledger: Ledger, phases: dict[str, DraftPhase], splits: dict[str, str]
) -> tuple[tuple[Board, ...], dict[str, list[str]]]:
    """Read every board, and what joins it to phases and splits; return also the splits of each phase."""
    known: dict[str, Path] = {}
    listed = [(path, _identity(ledger, path, known)) for path in ledger.children(("leaderboard",), "leaderboards")]
    flags: dict[str, list[Path]] = {}
    places: dict[str, list[str]] = {}
    of: dict[str, list[str]] = {}
    for path in ledger.children(("challenge_phase_splits",), "phase splits"):
        phase, board, split = (
            str(ledger.take((*path, key), "what joins phases, boards and suites"))
            for key in ("challenge_phase_id", "leaderboard_id", "dataset_split_id")
        )
        for key, value, there in (
            ("challenge_phase_id", phase, phases.keys()),
            ("leaderboard_id", board, known.keys()),
            ("dataset_split_id", split, splits.keys()),
        ):
            if value not in there:
                ledger.doubt((*path, key), f"Nothing has the id {value[:40]!r}. The draft goes without this row.")
        if (
            ledger.flag((*path, "is_leaderboard_order_descending"), "the direction of the board's first metric")
            is not None
        ):
            flags.setdefault(board, []).append((*path, "is_leaderboard_order_descending"))
        ledger.leave_known(path, _OF_JOINTS)
        if phase in phases and split in splits:
            of.setdefault(phase, []).append(split)
            places.setdefault(board, []).append(f"{phases[phase].title}, {splits[split]}")
    boards = []
    for path, number in listed:
        metrics = _metrics(ledger, path, flags.get(number, []))
        boards.append(Board(f"Leaderboard {one_line(number)}", metrics, "; ".join(places.get(number, ["no phase"]))))
    ledger.desk.remarks += disagreements(ledger.file, boards)
    return tuple(boards), of


def _metrics(ledger: Ledger, path: Path, flags: list[Path]) -> tuple[BoardMetric, ...]:
    """Read a board's labels; the direction is its metadata's, else that of the rows that join the board to phases."""
    schema = (*path, "schema")
    order = ledger.text((*schema, "default_order_by"), "the board's first metric")
    labels = ledger.at((*schema, "labels"))
    if labels is not None and not isinstance(labels, list):
        ledger.error((*schema, "labels"), "The labels of metrics belong here. Write them as a list, such as [acc].")
    metrics = []
    for number, label in enumerate(labels if isinstance(labels, list) else []):
        name = ledger.text((*schema, "labels", number), "a metric of the board")
        about = (*schema, "metadata", str(label))
        described = ledger.text((*about, "description"), "the title of the metric")
        places = [(*about, "sort_ascending")] if ledger.has((*about, "sort_ascending")) else []
        said = {place: not ascending for place in places if (ascending := _flag_at(ledger, place)) is not None}
        if name == order:
            said |= {place: descending for place in flags if (descending := _flag_at(ledger, place)) is not None}
        higher, where = agreed(ledger, name, said)
        line = ledger.line(where or (*schema, "labels", number))
        metrics.append(BoardMetric(name, described or name, higher, line))
    if order and order not in [metric.name for metric in metrics]:
        ledger.doubt((*schema, "default_order_by"), f"{order!r} is none of the board's labels.", (*schema, "labels"))
    return tuple(metrics)


def _flag_at(ledger: Ledger, path: Path) -> bool | None:
    return ledger.flag(path, "the direction of a metric")


def _with_suites(phases: dict[str, DraftPhase], of: dict[str, list[str]], splits: dict[str, str]) -> list[DraftPhase]:
    return [
        replace(phase, suites=tuple(dict.fromkeys(splits[split] for split in of.get(key, []))))
        for key, phase in phases.items()
    ]


def _check_bounds(ledger: Ledger, phases: tuple[DraftPhase, ...]) -> None:
    """Hold the challenge's own dates against those of its phases."""
    start = read_moment(
        ledger, ("start_date",), "the bound that phases are held against", closes=False, always=ZONE, optional=True
    )
    end = read_moment(
        ledger, ("end_date",), "the bound that phases are held against", closes=True, always=ZONE, optional=True
    )
    for phase in phases:
        if start and phase.opens and phase.opens.instant < start.instant:
            _out(ledger, phase, phase.opens.line, "begins before the challenge does", ("start_date",))
        if end and phase.closes and phase.closes.instant > end.instant:
            _out(ledger, phase, phase.closes.line, "ends after the challenge does", ("end_date",))


def _out(ledger: Ledger, phase: DraftPhase, line: int, what: str, bound: Path) -> None:
    sentence = f"“{phase.title}” {what}. The draft keeps the date of the phase."
    ledger.desk.remarks.append(Remark(ledger.file, line, phase.name, Weight.DOUBT, sentence, (ledger.line(bound),)))
