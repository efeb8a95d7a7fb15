"""Under a veil nobody reads who is behind an entry, on no page, in no file, in no order, and from no kept piece."""

import io
import json
import re

import pyarrow.parquet as parquet
import pytest

from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import Refused
from challenge.runs.states import Outcome
from challenge.standings import operations, queries
from challenge.standings.states import Part, Veil
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field, stage_result
from tests.challenge.standings.readers import COMPETING, EVERYBODY, OFFICE, browser, page

LEAVES = (
    "", "?sort=team", "?sort=-points", "?show=all", ".csv", ".json", ".parquet", "/policy.json", "/status.csv",
    "/versions/1", "/versions/1.csv", "/versions/1.json", "/versions/1.parquet", "/versions/1/status.csv",
    "/versions/1/compare", "/versions/1/sensitivity", "/bundle.json", "/items.csv", "/items.parquet", "/versions/1/bundle.json",
)  # fmt: skip
TEAMS = ("Alder", "Birch", "Cedar", "Dogwood", "Elder")
PSEUDONYM = re.compile(r"entry-\d\d")


@pytest.fixture
def field(cast: Cast) -> Field:
    """A published board of an open call: two entries share a rank, one could not be read."""
    field = stage_field(cast, {"Alder": 6, "Birch": 5, "Cedar": 5, "Dogwood": 3})
    stage_result(cast, field.enter("Elder", 5), outcome=Outcome.UNREADABLE)
    field.rebuild()
    field.publish()
    return field


def veil(field: Field, veil: Veil, part: Part = Part.PUBLIC) -> str:
    """Veil a board as an admin and return its key."""
    admin = field.cast.admin()
    with field.cast.house.database.transaction() as session:
        board = queries.board(session, field.board(part).id)
        operations.veil_board(session, actor=admin, board=board, veil=veil, now=field.cast.now)
        return board.veil_key


def lift(field: Field) -> None:
    """Lift the veil as an admin."""
    admin = field.cast.admin()
    with field.cast.house.database.transaction() as session:
        operations.name_entries(
            session, actor=admin, board=queries.board(session, field.board().id), now=field.cast.now
        )


def read(raw: bytes) -> str:
    """Return every word of an answer, those in a Parquet file too."""
    return str(parquet.read_table(io.BytesIO(raw)).to_pylist()) if raw.startswith(b"PAR1") else raw.decode()


def leaked(field: Field, said: str, *, own: str = "") -> list[str]:
    """Return the words of an answer that tell who is behind an entry, those of the reader's own team apart."""
    standing = field.standing()
    words = [name for name in TEAMS if name != own] + [
        one.reference for name, one in field.entries.items() if name != own
    ]
    words += [standing.ranking_digest, standing.ranking_digest[:16], standing.scores_sha256, field.board().veil_key]
    return [word for word in words if word and word in said]


def veiled_readers(which: Veil) -> set[str]:
    """Return who reads pseudonyms."""
    return EVERYBODY - OFFICE - ({"judge"} if which is Veil.PUBLIC else set())


@pytest.mark.parametrize("which", [Veil.PUBLIC, Veil.JUDGES])
def test_no_page_and_no_file_tells_who_is_who(field: Field, which: Veil) -> None:
    for leaf in LEAVES:  # with their names all pieces are made, and kept, before the board is veiled
        browser(field, "auditor").get(f"/boards/{field.board().id}{leaf}")
        browser(field, "visitor").get(f"/boards/{field.board().id}{leaf}")
    veil(field, which)
    own = {"member": "Alder", **dict.fromkeys(COMPETING, "Birch")}
    for leaf in LEAVES:
        for name in sorted(EVERYBODY):  # admins and auditors come first and in between
            answer = browser(field, name).get(f"/boards/{field.board().id}{leaf}")
            said = read(answer.get_data())
            if name in veiled_readers(which):
                assert leaked(field, said, own=own.get(name, "")) == [], (leaf, name)
                if answer.status_code == 200 and "policy" not in leaf:
                    assert PSEUDONYM.search(said), (leaf, name)
            elif answer.status_code == 200 and leaf in {"", ".csv", ".json"}:
                assert set(TEAMS) <= {word for word in TEAMS if word in said}, (leaf, name)


def test_what_visitors_kept_before_is_not_the_same_any_more(field: Field) -> None:
    visitor, address = browser(field, "visitor"), f"/boards/{field.board().id}"
    tags = {leaf: visitor.get(address + leaf).headers["ETag"] for leaf in ("", ".csv", ".json", ".parquet")}
    veil(field, Veil.PUBLIC)
    for leaf, tag in tags.items():
        fresh = visitor.get(address + leaf, headers={"If-None-Match": tag})
        assert fresh.status_code == 200
        assert fresh.headers["ETag"] != tag
    lift(field)
    assert all(
        visitor.get(address + leaf, headers={"If-None-Match": tag}).status_code == 304 for leaf, tag in tags.items()
    )


def test_every_page_of_an_entry_and_every_pair_is_veiled_too(field: Field) -> None:
    veil(field, Veil.JUDGES)
    base = f"/boards/{field.board().id}/versions/1"
    visitor = browser(field, "visitor")
    names = sorted(set(PSEUDONYM.findall(page(field, "visitor"))))
    assert len(names) == 5
    for name in names:
        assert leaked(field, visitor.get(f"{base}/entries/{name}").get_data(as_text=True)) == []
    ranked = [one["entrant"] for one in json.loads(page(field, "visitor", ".json"))["ranking"]["entries"]]
    said = visitor.get(f"{base}/compare?a={ranked[0]}&b={ranked[3]}").get_data(as_text=True)
    assert "By how much" in said
    assert leaked(field, said) == []


def test_under_a_veil_nothing_is_found_by_its_reference(field: Field) -> None:
    veil(field, Veil.PUBLIC)
    base = f"/boards/{field.board().id}/versions/1"
    for leaf in ("/entries/trial-0001", "/compare?a=trial-0001&b=trial-0002"):
        assert browser(field, "visitor").get(base + leaf).status_code == 404
        assert browser(field, "member").get(base + leaf).status_code == 404
        assert browser(field, "auditor").get(base + leaf).status_code == 200


def test_a_team_still_reads_which_entry_is_its_own(field: Field) -> None:
    veil(field, Veil.JUDGES)
    said = page(field, "member")
    found = re.search(r"trial-0001 is Entry (\d\d)\.", said)
    assert found is not None
    entry = page(field, "member", f"/versions/1/entries/entry-{found[1]}")
    assert "Other submissions of this team" in entry
    assert leaked(field, entry, own="Alder") == []
    assert "Other submissions" not in page(field, "stranger", f"/versions/1/entries/entry-{found[1]}")


def test_the_files_for_the_instrument_wait_for_the_names(field: Field) -> None:
    field.freeze_call()
    field.freeze()
    admin = field.cast.admin()
    with field.cast.house.database.transaction() as session:
        board = queries.board(session, field.board().id)
        with pytest.raises(Refused, match="keeps them"):
            operations.veil_board(session, actor=admin, board=board, veil=Veil.PUBLIC, now=field.cast.now)
    assert browser(field, "visitor").get(f"/boards/{field.board().id}/items.csv").status_code == 200


def test_a_veiled_board_that_is_frozen_keeps_its_item_scores(field: Field) -> None:
    veil(field, Veil.PUBLIC)
    field.freeze_call()
    field.freeze()
    address = f"/boards/{field.board().id}"
    for leaf in ("/items.csv", "/items.parquet", "/bundle.json"):
        answer = browser(field, "visitor").get(address + leaf)
        assert answer.status_code == 403
        assert "would tell who is who" in answer.get_data(as_text=True)
    lift(field)
    assert browser(field, "visitor").get(address + "/items.csv").status_code == 200


def test_pseudonyms_stay_through_versions_and_through_lifting(field: Field) -> None:
    key = veil(field, Veil.PUBLIC)
    before = page(field, "visitor", ".json")
    field.score("Fir", 1, 6)
    field.rebuild()
    after = json.loads(page(field, "visitor", ".json"))["ranking"]
    names = [one["entrant"] for one in json.loads(before)["ranking"]["entries"]]
    found = [one["entrant"] for one in after["entries"]]
    assert found[:3] == names[:3]
    assert names[3] in found, "its rank is now shared, in an order drawn by lot"
    lift(field)
    assert "Alder" in page(field, "visitor")
    assert veil(field, Veil.JUDGES) == key


def test_a_veil_changes_no_number(field: Field) -> None:
    plain = json.loads(page(field, "visitor", ".json"))
    veil(field, Veil.PUBLIC)
    hidden = json.loads(page(field, "visitor", ".json"))
    for one, other in zip(plain["ranking"]["entries"], hidden["ranking"]["entries"], strict=True):
        assert {**one, "entrant": "", "inseparable_from": len(one["inseparable_from"])} == {
            **other, "entrant": "", "inseparable_from": len(other["inseparable_from"]),
        }  # fmt: skip
        assert other["entrant"] not in other["inseparable_from"]
    assert "ranking_digest" not in hidden
    assert "scores_digest" not in hidden["ranking"]


def test_veiling_is_for_admins_and_is_written_down(field: Field) -> None:
    address = f"/boards/{field.board().id}"
    assert browser(field, "auditor").post(f"{address}/veil/public").status_code == 403
    assert browser(field, "admin").post(f"{address}/veil/judges").status_code == 303
    assert "pseudonyms" in page(field, "visitor")
    assert browser(field, "admin").post(f"{address}/names").status_code == 303
    with field.cast.house.database.reading() as session:
        verbs = [
            line.verb for line in session.query(AuditLine).filter(AuditLine.subject == f"board {field.board().id}")
        ]
    assert verbs[-2:] == ["veil_board", "name_entries"]
