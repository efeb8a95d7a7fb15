"""A board goes out as files that a spreadsheet opens as data and that the instrument reads, in every version."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from challenge.foundation.spreadsheet import meant
from challenge.runs.states import Outcome
from challenge.standings import queries
from challenge.standings.states import Part
from leaderboards import verify_bundle
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field, stage_result

FORMULAS = ("=HYPERLINK(A1)", "+Birch", "-2+3", "@SUM(A1)", "\tTab", "＝1+1")
CLOSED = "Scores item by item would tell which answers were right."


@pytest.fixture
def field(cast: Cast) -> Field:
    """A published board on which every team bears a name that a spreadsheet might run, and one is not ranked."""
    field = stage_field(cast, {name: 6 - place for place, name in enumerate(FORMULAS)})
    stage_result(cast, field.enter("=Unranked", 7), outcome=Outcome.TIMED_OUT)
    field.rebuild()
    field.publish()
    return field


def content(field: Field, leaf: str, part: Part = Part.PUBLIC, *, insider: bool = False) -> bytes:
    """Return a file of a board as a visitor, or an auditor, gets it."""
    browser = field.cast.browser(field.cast.auditor() if insider else None)
    answer = browser.get(f"/boards/{field.board(part).id}{leaf}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data()


def rows(raw: bytes) -> list[dict[str, str]]:
    """Read a CSV as a spreadsheet would."""
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


def test_a_table_holds_every_entry_and_why_it_is_not_ranked(field: Field) -> None:
    table = rows(content(field, ".csv"))
    assert [row["rank"] for row in table] == ["1", "2", "3", "4", "4", "4", ""]
    assert table[0]["points"] == "100.000000"
    assert float(table[1]["points_low"]) <= float(table[1]["points"]) <= float(table[1]["points_high"])
    assert (table[6]["entry"], table[6]["points"], table[6]["why_not_ranked"]) == (
        "trial-0007", "", "evaluation took too long",
    )  # fmt: skip


def test_no_cell_of_a_table_is_a_formula(field: Field) -> None:
    for leaf in (".csv", "/versions/1.csv", "/status.csv"):
        for row in csv.reader(io.StringIO(content(field, leaf).decode("utf-8-sig"))):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r", "＝", "＋", "－", "＠")), cell
                assert not cell.startswith("-") or cell.lstrip("-").replace(".", "").isdigit(), cell
    names = {meant(row["team"]) for row in rows(content(field, ".csv"))}
    assert names == {*FORMULAS, "=Unranked"}, "and every name can be told from its cell"


def test_a_file_is_named_by_its_board_and_version(field: Field) -> None:
    number = field.board().id
    answer = field.cast.browser().get(f"/boards/{number}.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=board-{number}-v1.csv"


def test_a_document_carries_all_that_its_digests_were_taken_of(field: Field) -> None:
    said = json.loads(content(field, ".json"))
    standing = field.standing()
    assert (said["part"], said["version"], said["frozen"]) == ("public", 1, False)
    assert said["teams"]["trial-0001"] == FORMULAS[0]
    assert [entry["entrant"] for entry in said["ranking"]["entries"]][:2] == ["trial-0001", "trial-0002"]
    assert (said["ranking_digest"], said["scores_sha256"]) == (standing.ranking_digest, standing.scores_sha256)
    assert said["policy"] == json.loads(content(field, "/policy.json")) == queries.policy_of(standing)


def test_a_version_s_files_do_not_change(field: Field) -> None:
    leaves = ("/versions/1.csv", "/versions/1.json", "/versions/1/policy.json", "/versions/1/status.csv")
    before = {leaf: content(field, leaf) for leaf in leaves}
    assert before["/versions/1.csv"] == content(field, ".csv")
    field.score("Later", 6, 8)
    field.rebuild()
    assert {leaf: content(field, leaf) for leaf in leaves} == before
    assert content(field, ".csv") != before["/versions/1.csv"]


def test_the_status_names_the_unranked_as_the_instrument_reads_them(field: Field) -> None:
    assert rows(content(field, "/status.csv")) == [{"entrant": "trial-0007", "reason": "evaluation took too long"}]


@pytest.mark.parametrize("leaf", ["/items.csv", "/items.parquet", "/versions/1/items.csv", "/versions/1/items.parquet"])
def test_item_scores_are_closed_until_the_board_is_frozen_and_public(field: Field, leaf: str) -> None:
    visitor, address = field.cast.browser(), f"/boards/{field.board().id}{leaf}"
    answer = visitor.get(address)
    assert answer.status_code == 403
    assert CLOSED in answer.get_data(as_text=True)
    assert field.cast.browser(field.captains[FORMULAS[0]]).get(address).status_code == 403
    assert field.cast.browser(field.cast.auditor()).get(address).status_code == 200
    field.freeze_call()
    assert visitor.get(address).status_code == 403
    field.freeze()
    assert visitor.get(address).status_code == 200


def test_item_scores_are_every_ranked_entry_on_every_item(field: Field) -> None:
    table = rows(content(field, "/items.csv", insider=True))
    assert len(table) == len(FORMULAS) * 6
    first = [row for row in table if row["entrant"] == "trial-0002"]
    assert [(row["task"], row["item"], row["value"]) for row in first] == [
        ("topic", f"p{number}", "10000" if number < 5 else "0") for number in range(6)
    ]
    whole = parquet.read_table(io.BytesIO(content(field, "/items.parquet", insider=True)))
    assert [{name: str(value) for name, value in row.items()} for row in whole.to_pylist()] == table


def test_the_files_compute_to_the_board_again_at_home(field: Field, tmp_path: Path) -> None:
    field.freeze_call()
    field.freeze()
    for name in ("items.csv", "policy.json", "status.csv"):
        (tmp_path / name).write_bytes(content(field, f"/{name}"))
    ranked = subprocess.run(
        [
            sys.executable, "-m", "leaderboards", "rank", str(tmp_path / "items.csv"),
            "--policy", str(tmp_path / "policy.json"), "--status", str(tmp_path / "status.csv"), "--json", "-",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ranked.returncode == 0, ranked.stderr
    home, site = json.loads(ranked.stdout), json.loads(content(field, ".json"))["ranking"]
    assert home["entries"] == site["entries"]
    assert home["unranked"] == site["unranked"]


def test_before_a_board_is_built_there_is_nothing_to_hand_out(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6})
    field.rebuild()
    with cast.house.database.transaction() as session:
        session.merge(field.board()).version = 0
    auditor = cast.browser(cast.auditor())
    for leaf in (".csv", ".json", "/policy.json", "/status.csv", "/items.csv", "/versions/0", "/versions/0.csv"):
        assert auditor.get(f"/boards/{field.board().id}{leaf}").status_code == 404, leaf
    page = auditor.get(f"/boards/{field.board().id}")
    assert "This board has not been built yet" in page.get_data(as_text=True)


def test_a_bundle_verifies_at_home_and_is_written_once(field: Field, tmp_path: Path) -> None:
    field.freeze_call()
    field.freeze()
    answer = field.cast.browser().get(f"/boards/{field.board().id}/bundle.json")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=board-{field.board().id}-v1-bundle.json"
    path = tmp_path / "bundle.json"
    path.write_bytes(answer.get_data())
    found = verify_bundle(path)
    assert (found.ok, found.first_difference) == (True, None)
    bundle = json.loads(path.read_bytes())
    assert bundle["digests"]["ranking"] == field.standing().ranking_digest
    assert found.sha256 == field.standing().bundle_sha256
    assert found.sha256 in content(field, "").decode(), "the page names it, once it is there"
    field.cast.house.files.path(field.standing().scores_sha256).unlink()
    assert content(field, "/versions/1/bundle.json") == path.read_bytes()


def test_a_bundle_is_closed_as_long_as_the_item_scores_are(field: Field) -> None:
    visitor, address = field.cast.browser(), f"/boards/{field.board().id}/bundle.json"
    assert visitor.get(address).status_code == 403
    assert field.cast.browser(field.captains[FORMULAS[0]]).get(address).status_code == 403
    assert field.standing().bundle_sha256 is None
    assert field.cast.browser(field.cast.auditor()).get(address).status_code == 200
    assert visitor.get(address).status_code == 403, "also when it is there"


def test_a_table_as_parquet_says_what_the_csv_says(field: Field) -> None:
    table = parquet.read_table(io.BytesIO(content(field, ".parquet"))).to_pylist()
    plain = rows(content(field, ".csv"))
    assert [{name: "" if value is None else meant(str(value)) for name, value in row.items()} for row in table] == [
        {name: meant(value) for name, value in row.items()} for row in plain
    ]
    assert content(field, ".parquet") == content(field, "/versions/1.parquet")


@pytest.mark.parametrize("leaf", [".csv", ".json", ".parquet", "/status.csv", "/policy.json"])
def test_a_file_that_has_not_changed_is_not_sent_again(field: Field, leaf: str) -> None:
    visitor, address = field.cast.browser(), f"/boards/{field.board().id}{leaf}"
    tag = visitor.get(address).headers["ETag"]
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_frozen_standing_says_its_permanent_address_and_its_digests(field: Field) -> None:
    assert "this standing is frozen" not in content(field, "").decode()
    field.freeze_call()
    field.freeze()
    said, standing = content(field, "").decode(), field.standing()
    assert (
        f'<a href="/boards/{field.board().id}/versions/1">/boards/{field.board().id}/versions/1</a>: this standing'
        in said
    )
    assert standing.ranking_digest in said
    assert standing.scores_sha256 in said
    assert "python -m leaderboards verify board-" in said
