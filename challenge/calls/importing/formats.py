"""The bundles that can be read: an open list, one file per format; which one a bundle is of, its content tells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from challenge.calls.importing import codabench, codalab, evalai, hugging_face, lm_eval
from challenge.calls.importing.bundles import Bundle
from challenge.calls.importing.configurations import Configurations
from challenge.calls.importing.desk import Desk
from challenge.calls.importing.drafts import Draft
from challenge.calls.importing.includes import Includes
from challenge.calls.importing.ledger import Ledger
from challenge.calls.importing.reports import Remark, Report, Weight
from challenge.calls.positions import Plain


@dataclass(frozen=True)
class Format:
    """One platform's bundles."""

    name: str
    configuration: str
    """What the file is called that holds it all."""
    fits: Callable[[str, Plain], bool]
    read: Callable[[Sequence[Ledger]], Draft]


def _one(read: Callable[[Ledger], Draft]) -> Callable[[Sequence[Ledger]], Draft]:
    """Let a format of one configuration read the first that fits."""
    return lambda ledgers: read(ledgers[0])


FORMATS = (
    Format(evalai.NAME, "challenge_config.yaml", evalai.fits, _one(evalai.read)),
    Format(codabench.NAME, "competition.yaml with version: 2", codabench.fits, _one(codabench.read)),
    Format(codalab.NAME, "competition.yaml without a version", codalab.fits, _one(codalab.read)),
    Format(hugging_face.NAME, "conf.json", hugging_face.fits, _one(hugging_face.read)),
    Format(lm_eval.NAME, "one or several task files (.yaml)", lm_eval.fits, lm_eval.read),
)


@dataclass(frozen=True)
class Reading:
    """A bundle that was read: the draft, None where errors leave none, and the report."""

    format: str
    draft: Draft | None
    report: Report


def read_bundle(bundle: Bundle, *, zone: str | None = None, opens_at: str = "", closes_at: str = "") -> Reading:
    """Read a bundle; nothing in it is run, fetched or unpacked further.

    `zone` is where dates are meant that say no zone themselves; `opens_at` and `closes_at` are the times of day that
    beginnings and ends mean which say none. Without them such dates are errors, unless the format's own documentation
    gives a zone. The report has a row for every key of the configuration and for every file.
    """
    desk = Desk(bundle, zone, opens_at, closes_at)
    files = Configurations(desk)
    located = files.at_top()
    format_ = next(
        (known for known in FORMATS if any(known.fits(file, at.plain) for file, at in located.items())), None
    )
    if format_ is None:
        desk.remarks += files.unread
        if not desk.remarks:
            known = "; ".join(f"{each.name}: {each.configuration}" for each in FORMATS)
            sentence = f"This is none of the bundles that can be read ({known})."
            if any(lm_eval.groups(at.plain) for at in located.values()):
                sentence = "This only groups tasks of the harness. Bring the files of the tasks themselves."
            desk.remark(Weight.ERROR, _best(bundle), sentence)
        return Reading("", None, desk.close())
    ledgers = [Ledger(desk, file, at, format_.name) for file, at in located.items() if format_.fits(file, at.plain)]
    ledgers = Includes(files, format_.name).tasks(ledgers) if format_.name == lm_eval.NAME else ledgers[:1]
    desk.remarks += _weighed(files.unread, format_)
    draft = format_.read(ledgers)
    for ledger in ledgers:
        ledger.close()
    report = desk.close()
    return Reading(format_.name, None if report.errors else draft, report)


def refused(reading: Reading, remarks: Sequence[Remark]) -> Reading:
    """Return a reading with further remarks; an error among them leaves no draft."""
    report = Report(reading.report.rows, tuple(sorted({*reading.report.remarks, *remarks})))
    return Reading(reading.format, None if report.errors else reading.draft, report)


def _weighed(unread: Sequence[Remark], format_: Format) -> Iterator[Remark]:
    """Weigh what cannot be read: where another file holds the configuration, it is no error.

    It is a doubt, though, where it might be one more of several configurations of that format.
    """
    for remark in unread:
        one_more = format_.name == lm_eval.NAME and remark.file.endswith((".yaml", ".yml"))
        yield replace(remark, weight=Weight.DOUBT if one_more else Weight.NOTE)


def _best(bundle: Bundle) -> str:
    """Name the file that a sentence about the whole bundle stands beside."""
    return next((name for name in sorted(bundle.sizes) if name.endswith((".yaml", ".yml", ".json"))), "the bundle")
