"""People under pseudonyms: who did what can still be followed, but not who they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from challenge.archives.contents import People

NOWHERE = "pseudonym.invalid"
"""RFC 2606 keeps .invalid free, so no mail is ever sent there."""
WITHHELD = frozenset({"actor_name", "affiliation"})
"""What of a line of the log may be replaced."""
TELLING = ("affiliation",)
"""What tells of a person in the particulars of a deed, beside texts that people wrote."""


OF_PUBLICATIONS = frozenset({"PUBLICATION_UNRELATED"})
"""Codes of reasons whose sentence names the authors of a publication."""


@dataclass(frozen=True)
class Faces:
    """How people stand in one archive."""

    people: People

    @property
    def hidden(self) -> bool:
        """Tell whether pseudonyms stand for names."""
        return self.people is People.PSEUDONYMS

    def row(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row with whatever names a person replaced; texts that people wrote stay as they are."""
        if not self.hidden:
            return row
        if table == "accounts":
            return {**row, "name": pseudonym(row["id"]), "email": f"person-{row['id']}@{NOWHERE}"}
        if table == "panellists":
            return {**row, "affiliation": ""}
        if table == "release_checks":
            reasons = [_without_people(reason) for reason in row["reasons"]]
            return {**row, "publication": _without_authors(row["publication"]), "reasons": reasons}
        if table == "examination_evidence":
            found = {**row["found"], "publication": _without_authors(row["found"].get("publication"))}
            return {**row, "found": found if "publication" in row["found"] else row["found"]}
        if table == "examinations":
            return {**row, "reasons": [_without_people(reason) for reason in row["reasons"]]}
        return row

    def deed(
        self, *, account_id: int | None, actor_name: str, particulars: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any], list[str]]:
        """Return who acted and the particulars as they may be read, and what of them was replaced."""
        told = dict(particulars)
        withheld: list[str] = []
        if not self.hidden:
            return actor_name, told, withheld
        if account_id is not None and actor_name != pseudonym(account_id):
            actor_name = pseudonym(account_id)
            withheld.append("actor_name")
        for key in TELLING:
            if told.get(key):
                told[key] = ""
                withheld.append(key)
        return actor_name, told, withheld


def _without_authors(publication: Any) -> Any:
    """Leave out whom a registry of DOIs names as the authors of published findings."""
    return {**publication, "authors": []} if isinstance(publication, dict) and "authors" in publication else publication


def _without_people(reason: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a reason what it repeats of a publication's authors."""
    if reason.get("code") not in OF_PUBLICATIONS:
        return reason
    return {**reason, "sentence": "What the registry of DOIs said names people, and is left out here.", "words": ""}


def pseudonym(account_id: int) -> str:
    """Return what stands for a person; the same for the same account, however often an archive is written."""
    return f"Person {account_id}"
