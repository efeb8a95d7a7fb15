"""What the bundles of CodaLab and of its successor have in common: the file's name, its beginning, its directions."""

from collections.abc import Mapping

from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.phases import MOST_SUBMISSIONS
from challenge.calls.positions import Path

FILES = ("competition.yaml", "competition.yml")


def begin(ledger: Ledger, known: Mapping[str, str]) -> tuple[str, str]:
    """Read what stands at the top of both, and return title and summary; `known` are keys that are left, with why."""
    ledger.take(("version",), "which reader the bundle is for")
    title = ledger.text(("title",), "the call's title")
    summary = ledger.words(("description",), "the call's summary")
    ledger.name_file(("image",), "the logo")
    ledger.leave_known((), known)
    return title, ledger.summary(("description",), summary)


def submissions(ledger: Ledger, phase: Path) -> int | None:
    """Read how many submissions a phase takes in all."""
    into = "how many submissions a team has in the phase"
    return ledger.number((*phase, "max_submissions"), into, least=1, most=MOST_SUBMISSIONS)


def direction(ledger: Ledger, path: Path, around: Path) -> tuple[bool | None, int]:
    """Read asc or desc; return whether higher is better, and the line that says it, else that of what is around.

    The line is 0 where an error says already that neither stands there.
    """
    said = str(ledger.take(path, "the direction of the metric") or "").strip().lower()
    if said not in {"asc", "desc", ""}:
        ledger.error(path, f"{said[:40]!r} is neither asc nor desc. Write one of them.")
        return None, 0
    return {"desc": True, "asc": False}.get(said), ledger.line(path if said else around)
