"""Reads Codabench's bundles: `competition.yaml` with `version: 2`, its pages, tasks, phases and leaderboards."""

from challenge.calls.importing.boards import disagreements
from challenge.calls.importing.competitions import FILES, begin, direction, submissions
from challenge.calls.importing.drafts import Board, BoardMetric, Draft, DraftPage, DraftPhase, DraftSuite
from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.moments import read_moment, unread
from challenge.calls.importing.phases import in_order
from challenge.calls.positions import Path, Plain

NAME = "Codabench v2"
USUAL = "UTC"
"""What Codabench's documentation gives as the zone of its dates; whoever imports may say another."""

_AT_TOP = {
    "registration_auto_approve": "Who may enter is said by eligibility.",
    "docker_image": "Models run in the engines of this platform.",
    "queue": "Entries are evaluated by this platform's own workers.",
    "make_programs_available": "Of a suite, teams get the starter.",
    "make_input_data_available": "Of a suite, teams get the starter.",
    "enable_detailed_results": "Every entry has its page of scores, item by item.",
    "show_detailed_results_in_submission_panel": "Every entry has its page of scores, item by item.",
    "show_detailed_results_in_leaderboard": "Every entry has its page of scores, item by item.",
    "contact_email": "A call has no field for an address.",
    "reward": "It is a free text. Write the amount of money into prize.",
    "auto_run_submissions": "Every submission is evaluated as its turn comes.",
    "can_participants_make_submissions_public": "Whose entries are shown is decided at the board.",
    "forum_enabled": "There is no forum here.",
    "competition_type": "There is one kind of call.",
    "fact_sheet": "The form of a submission is the same for all calls.",
}
_OF_PHASES = {
    "description": "A phase of a call has a title and dates; the text is kept in the original.",
    "max_submissions_per_day": "A call counts submissions of a phase in total.",
    "auto_migrate_to_this_phase": "Entries stay in the phase they were handed in for.",
    "execution_time_limit": "How long an evaluation may take is the operator's setting.",
    "hide_output": "What of an output a team may read is the same for all calls.",
    "hide_prediction_output": "What of an output a team may read is the same for all calls.",
    "hide_score_output": "What of an output a team may read is the same for all calls.",
    "accepts_only_result_submissions": "What a team hands in follows from the suites.",
    "solutions": "A baseline of a call is named alone; for which phases, the original says.",
}
_OF_TASKS = {
    "ingestion_only_during_scoring": "Models run in the engines of this platform.",
    "docker_image": "Models run in the engines of this platform.",
    "is_public": "Of a suite, teams get the starter.",
}
_OF_BOARDS = {
    "key": "A board is named after its suite.",
    "submission_rule": "The newest scored entry of a team stands on the board.",
    "hidden": "Who sees a board is decided at the board.",
    "index": "The order of boards is that of the suites.",
}
_OF_COLUMNS = {
    "index": "The order of columns is that of the tasks in a suite.",
    "computation": "How tasks are put together is said by ranking.",
    "computation_indexes": "How tasks are put together is said by ranking.",
    "precision": "It rounds raw scores; a call declares the decimals of points, in ranking.",
    "hidden": "Who sees a board is decided at the board.",
}
_DATA = {
    "scoring_program": "the scoring program", "input_data": "the input data", "reference_data": "the hidden data",
    "ingestion_program": "the ingestion program",
}  # fmt: skip


def fits(file: str, plain: Plain) -> bool:
    """Tell whether a configuration is one of Codabench: only what says `version: 2` is."""
    return file in FILES and isinstance(plain, dict) and str(plain.get("version")).strip() in {"2", "2.0"}


def read(ledger: Ledger) -> Draft:
    """Read the configuration and the pages it names."""
    title, summary = begin(ledger, _AT_TOP)
    pages = [*_pages(ledger)]
    if ledger.has(("terms",)) and (terms := ledger.page(("terms",), "Terms")):
        pages.append(DraftPage("Terms", terms))
    numbers: dict[str, Path] = {}
    suites = dict(_task(ledger, path, numbers) for path in ledger.children(("tasks",), "tasks"))
    phases, remarks = in_order(
        ledger.file, [_phase(ledger, path, suites) for path in ledger.children(("phases",), "phases")]
    )
    boards = _boards(ledger)
    ledger.desk.remarks += [*remarks, *disagreements(ledger.file, boards)]
    return Draft(
        format=NAME,
        zone=ledger.desk.zone or "UTC",
        title=title,
        summary=summary,
        phases=phases,
        boards=boards,
        suites=tuple(suites.values()),
        baselines=tuple(_solution(ledger, path) for path in ledger.children(("solutions",), "solutions")),
        files=tuple(dict.fromkeys(ledger.desk.named)),
        pages=tuple(pages),
    )


def _pages(ledger: Ledger) -> list[DraftPage]:
    pages = []
    for path in ledger.children(("pages",), "pages"):
        title = ledger.text((*path, "title"), "the title of a page")
        text = ledger.page((*path, "file"), title)
        if ledger.has((*path, "content")) and not text:
            text = ledger.words((*path, "content"), f"the page “{title}”, as plain text")
        if not text and (*path, "file") not in ledger.remarked:
            ledger.note(path, f"The page “{title}” holds no text.")
        pages.append(DraftPage(title, text))
    return pages


def _task(ledger: Ledger, path: Path, numbers: dict[str, Path]) -> tuple[str, DraftSuite]:
    number = ledger.identity((*path, "index"), "what joins phases and suites", numbers)
    if ledger.has((*path, "key")):
        key = ledger.text((*path, "key"), "the name of a suite that is still to be made")
        ledger.doubt(path, f"The task {number} lies on Codabench under {key!r} and not in this bundle. Bring it along.")
        title = f"Task {number}"
    else:
        title = ledger.text((*path, "name"), "the title of a suite") or f"Task {number}"
    about = ledger.words((*path, "description"), "what a suite is about")
    for key, use in _DATA.items():
        ledger.name_file((*path, key), f"{use} of “{title}”")
    ledger.leave_known(path, _OF_TASKS)
    return number, DraftSuite(title, about)


def _phase(ledger: Ledger, path: Path, suites: dict[str, DraftSuite]) -> DraftPhase:
    title = ledger.text((*path, "name"), "the title of a phase")
    ledger.take((*path, "index"), "the order of phases, which their dates give")
    ledger.leave_known(path, _OF_PHASES)
    for key, use in (("starting_kit", "the starting kit"), ("public_data", "the public data")):
        ledger.name_file((*path, key), f"{use} of “{title}”")
    listed = ledger.take((*path, "tasks"), "which suites are measured in the phase")
    if listed is not None and not isinstance(listed, list):
        ledger.error((*path, "tasks"), "The indexes of tasks belong here. Write them as a list, such as [0, 1].")
    numbers = [str(number) for number in listed] if isinstance(listed, list) else []
    for place, number in enumerate(numbers):
        if number not in suites:
            ledger.doubt((*path, "tasks", place), f"There is no task with the index {number[:40]!r}.")
    closes = read_moment(ledger, (*path, "end"), "when the phase closes", closes=True, usual=USUAL, optional=True)
    return DraftPhase(
        title=title,
        name=f"phases[{path[-1]}]",
        line=ledger.line(path),
        opens=read_moment(ledger, (*path, "start"), "when the phase opens", closes=False, usual=USUAL),
        closes=closes,
        submissions=submissions(ledger, path),
        doubt=unread(ledger, (*path, "end"), closes),
        suites=tuple(suites[number].title for number in numbers if number in suites),
    )


def _boards(ledger: Ledger) -> tuple[Board, ...]:
    """Read every board, not the first alone; in some documents the key is `leaderboard`, in others `leaderboards`."""
    boards = []
    if ledger.has(("leaderboard",)):
        ledger.note(
            ("leaderboard",), "Codabench itself reads `leaderboards` and passes this key over; here it is read."
        )
    for top in ("leaderboards", "leaderboard"):
        for path in ledger.children((top,), "leaderboards"):
            title = ledger.text((*path, "title"), "the title of a board")
            ledger.leave_known(path, _OF_BOARDS)
            columns = ledger.children((*path, "columns"), "columns")
            boards.append(Board(title, tuple(_column(ledger, column) for column in columns)))
    return tuple(boards)


def _column(ledger: Ledger, path: Path) -> BoardMetric:
    title = ledger.text((*path, "title"), "a metric of the board")
    key = ledger.text((*path, "key"), "the name of a metric")
    ledger.leave_known(path, _OF_COLUMNS)
    higher, line = direction(ledger, (*path, "sorting"), path)
    return BoardMetric(key or title, title or key, higher, line)


def _solution(ledger: Ledger, path: Path) -> str:
    ledger.take((*path, "index"), "what a baseline is told apart by")
    ledger.leave((*path, "tasks"), "A baseline of a call is named alone; for which suites, the original says.")
    name = ledger.text((*path, "name"), "the name of a baseline")
    ledger.leave((*path, "description"), "The draft names baselines; the text is kept in the original.")
    ledger.leave((*path, "key"), "The baseline lies on Codabench and not in this bundle. Bring it along.")
    ledger.name_file((*path, "path"), "a baseline")
    return name or f"Solution {ledger.at((*path, 'index'))}"
