"""Reads a standing as one reader may see it: under names, or under pseudonyms and without what would undo them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from challenge.standings import queries
from challenge.standings.asides import NOTHING, Aside, read_asides
from challenge.standings.pseudonyms import pseudonym, spoken, veiled
from challenge.standings.ranking import Ranking, plain_of, read_ranking
from challenge.standings.records import Standing


@dataclass(frozen=True)
class Shown:
    """One standing for one kind of reader: whatever a page or a file says of a standing is taken from here."""

    standing: Standing
    veil_key: str
    """What pseudonyms are drawn with, empty where this reader reads names."""

    @property
    def veiled(self) -> bool:
        """Whether entries stand under pseudonyms."""
        return bool(self.veil_key)

    @property
    def version(self) -> int:
        """Which version of its board this is."""
        return self.standing.version

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return self.standing.made_at

    @cached_property
    def ranking(self) -> Ranking:
        """The ranking, entrants by reference or by pseudonym."""
        ranking = read_ranking(self.standing.ranking)
        return veiled(ranking, self.veil_key) if self.veiled else ranking

    @cached_property
    def references(self) -> dict[str, str]:
        """Submission references by entrant; for finding things, never for a page under pseudonyms."""
        return {self.entrant(reference): reference for reference in queries.names_of(self.standing)}

    @cached_property
    def names(self) -> dict[str, str]:
        """What entries are called, by entrant: teams' names at that moment, or pseudonyms."""
        if self.veiled:
            return {entrant: spoken(entrant) for entrant in self.references}
        return queries.names_of(self.standing)

    @cached_property
    def asides(self) -> dict[str, Aside]:
        """What stands beside the entries, by entrant."""
        return {self.entrant(name): aside for name, aside in read_asides(self.standing.asides).items()}

    @cached_property
    def policy(self) -> dict[str, Any]:
        """The policy that it was computed by."""
        return queries.policy_of(self.standing)

    @property
    def digests(self) -> Mapping[str, str] | None:
        """Digests of the ranking and of the item scores; None under pseudonyms, which trying out names would undo."""
        if self.veiled:
            return None
        return {"ranking": self.standing.ranking_digest, "scores": self.standing.scores_sha256}

    def entrant(self, reference: str) -> str:
        """Return under what a submission is shown to this reader."""
        return pseudonym(reference, self.veil_key) if self.veiled else reference

    def aside(self, entrant: str) -> Aside:
        """Return what stands beside an entry."""
        return self.asides.get(entrant, NOTHING)

    def reason(self, entrant: str) -> str | None:
        """Return why an entry is not ranked; None where it is, or is not on the board."""
        return next((one.reason for one in self.ranking.unranked if one.entrant == entrant), None)

    def plain(self) -> dict[str, Any]:
        """Return the ranking in the instrument's own plain form."""
        return plain_of(self.ranking)


def shown(session: Session, seen: queries.Glance, number: int) -> Shown:
    """Return one version of a board as the actor of that glance may see it; raise NotFound where there is none."""
    return Shown(queries.standing_for(session, seen, number), seen.veil_key if seen.veiled else "")
