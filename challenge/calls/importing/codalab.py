"""Reads CodaLab's bundles of version 1.5: `competition.yaml` without a version, its pages, phases and leaderboard."""

from dataclasses import replace

from challenge.calls.importing.boards import disagreements
from challenge.calls.importing.competitions import FILES, begin, direction, submissions
from challenge.calls.importing.drafts import Board, BoardMetric, Draft, DraftPage, DraftPhase, DraftSuite
from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.moments import read_moment, unread
from challenge.calls.importing.phases import in_order
from challenge.calls.importing.plain_text import one_line
from challenge.calls.positions import Path, Plain

NAME = "CodaLab v1.5"

_AT_TOP = {
    "competition_docker_image": "Models run in the engines of this platform.",
    "has_registration": "Who may enter is said by eligibility.",
    "admin_names": "Admins are appointed by the operator.",
    "allow_public_submissions": "Whose entries are shown is decided at the board.",
    "allow_teams": "Every entry is a team's.",
    "anonymous_leaderboard": "Pseudonyms are shown or lifted at the board.",
    "enable_detailed_results": "Every entry has its page of scores, item by item.",
    "enable_forum": "There is no forum here.",
    "force_submission_to_leaderboard": "The newest scored entry of a team stands on the board.",
    "reward": "It is a free text. Write the amount of money into prize.",
    "start_date": "A call has no date of its own beside those of its phases.",
    "disallow_leaderboard_modifying": "The newest scored entry of a team stands on the board.",
    "enable_per_submission_metadata": "The form of a submission is the same for all calls.",
    "show_datasets_from_yaml": "A call has no list of links; the text is kept in the original.",
}
_OF_PHASES = {
    "description": "A phase of a call has a title and dates; the text is kept in the original.",
    "max_submissions_per_day": "A call counts submissions of a phase in total.",
    "auto_migration": "Entries stay in the phase they were handed in for.",
    "execution_time_limit": "How long an evaluation may take is the operator's setting.",
    "is_scoring_only": "What a team hands in follows from the suites.",
    "leaderboard_management_mode": "Who sees a board is decided at the board.",
    "color": "A phase of a call has no colour.",
    "datasets": "A call has no list of links; the text is kept in the original.",
}
_DATA = {
    "scoring_program": "the scoring program", "reference_data": "the hidden data", "input_data": "the input data",
    "ingestion_program": "the ingestion program", "public_data": "the public data",
    "starting_kit": "the starting kit",
}  # fmt: skip


def fits(file: str, plain: Plain) -> bool:
    """Tell whether a configuration is one of CodaLab: `competition.yaml` without a version, or with 1 or 1.5."""
    version = str(plain.get("version", "1.5")).strip() if isinstance(plain, dict) else ""
    return file in FILES and version in {"1", "1.0", "1.5"}


def read(ledger: Ledger) -> Draft:
    """Read the configuration and the pages it names."""
    title, summary = begin(ledger, _AT_TOP)
    _is_no_codabench(ledger)
    html = ledger.at(("html",))
    names = list(html) if isinstance(html, dict) else []
    pages = [
        DraftPage(one_line(name), ledger.page(("html", name), one_line(name).replace("_", " ").capitalize()))
        for name in names
    ]
    phases = _with_ends(ledger, [(_phase(ledger, path), path) for path in ledger.children(("phases",), "phases")])
    ordered, remarks = in_order(ledger.file, phases)
    boards = _boards(ledger)
    ledger.desk.remarks += [*remarks, *disagreements(ledger.file, boards)]
    return Draft(
        format=NAME,
        zone=ledger.desk.zone or "UTC",
        title=title,
        summary=summary,
        phases=ordered,
        boards=boards,
        suites=tuple(DraftSuite(suite) for phase in ordered for suite in phase.suites),
        files=tuple(dict.fromkeys(ledger.desk.named)),
        pages=tuple(page for page in pages if page.text),
    )


def _phase(ledger: Ledger, path: Path) -> DraftPhase:
    ledger.take((*path, "phasenumber"), "the order of phases, which their dates give")
    title = ledger.text((*path, "label"), "the title of a phase and of its suite") or f"Phase {path[-1]}"
    ledger.leave_known(path, _OF_PHASES)
    for key, use in _DATA.items():
        ledger.name_file((*path, key), f"{use} of “{title}”")
    return DraftPhase(
        title=title,
        name=f"phases.{path[-1]}",
        line=ledger.line(path),
        opens=read_moment(
            ledger, (*path, "start_date"), "when the phase opens, and the one before it closes", closes=False
        ),
        closes=None,
        submissions=submissions(ledger, path),
        suites=(title,),
    )


def _with_ends(ledger: Ledger, phases: list[tuple[DraftPhase, Path]]) -> list[DraftPhase]:
    """Let each phase close at the very instant at which a later one opens, and the last with the competition.

    Phases that open together close together; one that is said to go on for ever has no end that a call could take.
    """
    end = read_moment(ledger, ("end_date",), "when the last phase closes", closes=True, optional=True)
    begun = sorted((phase.opens for phase, _ in phases if phase.opens), key=lambda opens: opens.instant)
    ended = []
    for phase, path in phases:
        if ledger.flag((*path, "phase_never_ends"), "whether the phase closes at all"):
            ended.append(phase)
        elif phase.opens is None:
            ended.append(replace(phase, doubt=unread(ledger, (*path, "start_date"), None)))
        else:
            at = phase.opens.instant
            after = next((opens for opens in begun if opens.instant > at), None)
            doubt = "" if after else unread(ledger, ("end_date",), end)
            ended.append(replace(phase, closes=after or end, doubt=doubt))
    return ended


def _is_no_codabench(ledger: Ledger) -> None:
    """Tell a bundle of Codabench that lacks its version; Codabench itself would take it for one of CodaLab too."""
    plain = ledger.located.plain
    found = [key for key in ("tasks", "leaderboards") if isinstance(plain, dict) and isinstance(plain.get(key), list)]
    if len(found) > 1:
        sentence = "These are keys of Codabench, and its version is missing. Write version: 2 at the top."
        ledger.error((found[0],), sentence, (found[1],))


def _boards(ledger: Ledger) -> tuple[Board, ...]:
    """Read every board with the columns that name it."""
    tops, columns = ("leaderboard", "leaderboards"), ("leaderboard", "columns")
    ledger.leave(("leaderboard", "column_groups"), "A board has no groups of columns.")
    titles = {}
    for path in ledger.children(tops, "leaderboards"):
        titles[str(path[-1])] = ledger.text((*path, "label"), "the title of a board") or one_line(str(path[-1]))
        ledger.take((*path, "rank"), "the order of boards")
    metrics: dict[str, list[BoardMetric]] = {name: [] for name in titles}
    for path in ledger.children(columns, "columns"):
        title = ledger.text((*path, "label"), "a metric of the board")
        ledger.take((*path, "rank"), "the order of metrics")
        ledger.leave(
            (*path, "numeric_format"), "It rounds raw scores; a call declares the decimals of points, in ranking."
        )
        ledger.leave((*path, "computed"), "How tasks are put together is said by ranking.")
        ledger.leave((*path, "column_group"), "A board has no groups of columns.")
        name = one_line(str(path[-1]))
        metric = BoardMetric(name, title or name, *direction(ledger, (*path, "sort"), path))
        metrics.setdefault(_board_of(ledger, path, titles), []).append(metric)
    return tuple(Board(titles.get(name, one_line(name)), tuple(found)) for name, found in metrics.items())


def _board_of(ledger: Ledger, path: Path, titles: dict[str, str]) -> str:
    """Find the board that a column names: by its key, or by an alias of the whole board."""
    value = ledger.take((*path, "leaderboard"), "which board the metric is on")
    if isinstance(value, list):
        ledger.error((*path, "leaderboard"), "The key of one leaderboard belongs here. Write it as one text.")
        return next(iter(titles), "Leaderboard")
    if isinstance(value, dict):
        same = [name for name in titles if ledger.at(("leaderboard", "leaderboards", name)) == value]
        return same[0] if same else one_line(str(value.get("label", "Leaderboard")))
    return str(value) if value is not None else next(iter(titles), "Leaderboard")
