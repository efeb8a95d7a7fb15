"""The route of publication: a DOI of valid syntax, which resolves to a work of the same people in the right time."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from evaluation.doi import tidy_doi
from evaluation.licences.findings import Findings
from evaluation.licences.policy import Outcome
from evaluation.publications.publication import Found, Lookup, Publication

Publications = Callable[[str], Lookup | None]
"""Answers what a DOI (tidy, in small letters) stands for; None where there is no answer."""

UNANSWERED = "DOI_UNANSWERED"
"""Nobody who could tell was reached: a person's look until it is asked again, whatever a policy says."""
_CORRECT = "Give the DOI of the publication, such as 10.5281/zenodo.1234567."
_AGAIN = "Nothing has to be done now; it is asked again."
_LOOK = "Nothing has to be done now; a person looks at it."
_NOTHING = "Nothing has to be done."


@dataclass(frozen=True)
class Period:
    """From and until which day a publication counts; None where there is no bound."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class People:
    """Who may have written what is published: the people and the organisation that a submission is of.

    `named` are the authors that its package names by itself. Where nobody else is known they count; beside people or
    an organisation they are for a person's look, since anybody may write anybody's name into a package.
    """

    authors: Sequence[str] = ()
    organisation: str = ""
    named: Sequence[str] = ()


def check_publication(
    doi: str,
    people: People,
    findings: Findings,
    publications: Publications | None,
    *,
    period: Period | None = None,
    unasked: Outcome = Outcome.BY_PUBLICATION,
) -> Lookup | None:
    """Add what a DOI shows, and return the answer it rests on; None where there is no DOI or nobody was asked.

    One of the `people` must stand among the article's authors. Without `publications` nobody is asked, and a DOI of
    valid syntax leads to `unasked`.
    """
    name = tidy_doi(doi)
    if name is None:
        what = f"'{doi[:80]}' is not a DOI" if doi else "No DOI is given"
        findings.add("PUBLICATION_MISSING", f"{what}, so nothing is published.", _CORRECT)
        return None
    if publications is None:
        _unasked(name, findings, unasked)
        return None
    found = publications(name.lower())
    if found is None or found.found is Found.UNKNOWN:
        why = f" {found.sentence}" if found else ""
        sentence = f"Whether the DOI {name} resolves is not known: nobody answered.{why}"
        findings.add_as(Outcome.NEEDS_REVIEW, UNANSWERED, sentence, _AGAIN)
    elif found.found is Found.MISSING:
        findings.add("DOI_UNRESOLVED", f"The DOI {name} leads nowhere: no such DOI is registered.", _CORRECT)
    elif found.publication is None:
        findings.add_as(Outcome.NEEDS_REVIEW, UNANSWERED, f"{name}: {found.sentence}", _AGAIN)
    else:
        _check_article(name, found.publication, people, findings, period or Period())
    return found


def _unasked(doi: str, findings: Findings, outcome: Outcome) -> None:
    if outcome is Outcome.BY_PUBLICATION:
        sentence = f"The findings are published as {doi}; whether it resolves to them is not checked here."
        findings.add_as(outcome, "PUBLICATION_OK", sentence, _NOTHING)
        return
    sentence = f"Whether the findings are published as {doi} is not known: no registry of DOIs was asked."
    findings.add_as(outcome, "DOI_UNASKED", sentence, _LOOK)


def _check_article(doi: str, article: Publication, people: People, findings: Findings, period: Period) -> None:
    known = bool(people.authors or people.organisation)
    by_package = _shared(people.named, article.authors)
    if not (_shared(people.authors, article.authors) or _is_among(people.organisation, article.authors)) and (
        known or not by_package
    ):
        _unrelated(doi, article, findings, by_package=by_package)
    elif outside := _outside(article.published, period):
        sentence = f"“{article.title}” ({doi}) was published on {article.published}, {outside}."
        remedy = "Give the DOI of what was published in this challenge's time, or wait for a person's look."
        findings.add("PUBLICATION_OUT_OF_TIME", sentence, remedy)
    elif not article.published and (period.since or period.until):
        sentence = f"“{article.title}” ({doi}) does not say when it was published, so its time is not known."
        findings.add_as(Outcome.NEEDS_REVIEW, "PUBLICATION_UNDATED", sentence, _LOOK)
    else:
        day = article.published or "an unknown day"
        sentence = f"The findings are published as {doi}, “{article.title}”, on {day}."
        findings.add_as(Outcome.BY_PUBLICATION, "PUBLICATION_OK", sentence, _NOTHING)


def _unrelated(doi: str, article: Publication, findings: Findings, *, by_package: bool) -> None:
    people = ", ".join(article.authors[:3]) or "nobody named"
    if by_package:
        sentence = (
            f"The DOI {doi} leads to “{article.title}” by {people}: the package names one of them, and none is a "
            "member of the team or its organisation."
        )
        remedy = "Let an author join the team, or wait for a person's look."
        findings.add_as(Outcome.NEEDS_REVIEW, "PUBLICATION_UNRELATED", sentence, remedy)
        return
    sentence = f"The DOI {doi} leads to “{article.title}” by {people}, none of whom is named in the submission."
    remedy = "Give the DOI of the team's own publication, or name its authors in the submission."
    findings.add("PUBLICATION_UNRELATED", sentence, remedy)


def _outside(published: str, period: Period) -> str:
    """Say how a day, month or year lies outside a period, as far as it tells; the empty text where it does not."""
    if not published:
        return ""
    since, until = (day.isoformat()[: len(published)] if day else "" for day in (period.since, period.until))
    if since and published < since:
        return f"before the challenge took submissions on {period.since}"
    if until and published > until:
        return f"after it was due on {period.until}"
    return ""


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether somebody stands in both lists."""
    return any(_same(one, other) for one in ours for other in theirs)


def _is_among(organisation: str, theirs: Sequence[str]) -> bool:
    """Whether an organisation stands there by its whole name; a part of it may be another's."""
    words = _words(organisation)
    return bool(words) and any(_words(other) == words for other in theirs)


def _same(one: str, other: str) -> bool:
    """Whether two names may be one person's: all of it the same, or the family name, and first names that agree.

    First names agree where they are the same as far as both are given, or one is the other's initial. A name of one
    word agrees with itself alone.
    """
    first, second = _parts(one), _parts(other)
    if len(first) < 2 or len(second) < 2:
        return bool(first) and first == second
    pairs = zip(first[:-1], second[:-1], strict=False)
    return first[-1] == second[-1] and all(_agree(mine, theirs) for mine, theirs in pairs)


def _agree(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    # a single sign is an initial only where a script has capitals, and so initials
    return short == long or (len(short) == 1 and short.upper() != short and long.startswith(short))


def _parts(name: str) -> list[str]:
    """Split a person's name into its words, the family name last, also where it was first."""
    if name.count(",") == 1:
        family, first = name.split(",")
        name = f"{first} {family}"
    return _words(name)


def _words(name: str) -> list[str]:
    """Split a name into its words in plain small letters."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.findall(r"[^\W_]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
