"""Asks the instrument who comes before the panel; the bundle of a decision holds the answer to the same question."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

import leaderboards
from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.calls.records import Call
from challenge.judging import queries
from challenge.judging.contestants import BEFORE_THE_PANEL, Contestant
from challenge.judging.operations_outlook import candidate
from challenge.judging.queries_contestants import contestants_of
from challenge.judging.shortlist import Choice, Shortlist, why_named, why_tied

NO_MAXIMUM = 1_000_000
"""Where a call names no maximum, whoever cannot be excluded is on the list."""


def listing_rules(rules: Rules) -> leaderboards.ShortlistRules:
    """Return a call's rules for the shortlist as the instrument takes them."""
    return leaderboards.ShortlistRules(
        places=rules.selection.finalists,
        most=rules.selection.most_finalists or NO_MAXIMUM,
        decimals=rules.ranking.decimals,
        gates=BEFORE_THE_PANEL,
    )


def shortlist_of(session: Session, call: Call) -> Shortlist:
    """Return a call's shortlist as it stands, a tie at the maximum settled where an admin has decided on it."""
    rules, contestants = calls.rules_of(session, call), contestants_of(session, call.id)
    found = leaderboards.shortlist([candidate(one) for one in contestants], listing_rules(rules))
    return in_words(found, contestants, rules).settled(queries.tie_word(session, call.id))


def in_words(found: leaderboards.Shortlist, contestants: Sequence[Contestant], rules: Rules) -> Shortlist:
    """Return what the instrument found with a sentence for every entry; no tie at the maximum is settled yet."""
    by_reference = {one.reference: one for one in contestants}
    asked = listing_rules(rules)
    places = asked.most - len(found.listed) if found.undecided else 0

    def tied(one: Contestant) -> Choice:
        return Choice(one, why_tied(one, tied=found.undecided, places=places, most=asked.most))

    def named(one: Contestant) -> Choice:
        return Choice(one, why_named(one, finalists=asked.places))

    return Shortlist(
        named=tuple(named(by_reference[name]) for name in found.listed),
        left_out=tuple(Choice(by_reference[name], why) for name, why in sorted(found.left_out.items())),
        tied=tuple(tied(by_reference[name]) for name in found.undecided),
        places=places,
    )
