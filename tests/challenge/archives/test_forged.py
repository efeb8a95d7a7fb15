"""What is no archive, or not a true one, is refused with a sentence, and leaves nothing behind."""

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from challenge.archives.contents import CONFIDENTIAL, People, Wish
from challenge.archives.manifest import MANIFEST, SIGNATURE
from challenge.commands.schema import metadata
from challenge.foundation.permits import Invalid
from challenge.web.house import House
from tests.challenge.archives.forging import Forgery
from tests.challenge.archives.sites import bring, empty_site, write
from tests.conftest import ON_POSTGRESQL

pytestmark = pytest.mark.xdist_group("played")  # the demonstration is played once, not in every process


@pytest.fixture(scope="module")
def genuine(played: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A genuine archive, without the large files."""
    target = tmp_path_factory.mktemp("genuine") / "genuine.zip"
    write(played, target, Wish(People.NAMES, tuple(sorted(CONFIDENTIAL))))
    return target


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An empty site that every test finds as empty as before."""
    with empty_site(tmp_path_factory.mktemp("site") / "site", postgresql=ON_POSTGRESQL) as house:
        yield house


def refused(site: House, archive: Path) -> str:
    """Return the sentence by which an archive is refused, and see that nothing is left of it."""
    with pytest.raises(Invalid) as refusal:
        bring(site, archive)
    with site.database.reading() as session:
        left = {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in metadata().sorted_tables
        }
    assert not any(left.values()), left
    assert not list(site.files.folder.glob("??/*")), "no file is left either"
    return refusal.value.sentence


def twist(text: str) -> str:
    """Change the last hexadecimal digit of a digest."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def without_lines(forgery: Forgery, verb: str) -> Forgery:
    """Take the lines of one verb out of the log."""
    lines = forgery.members["logs/1.jsonl"].splitlines(keepends=True)
    return forgery.put("logs/1.jsonl", b"".join(line for line in lines if json.loads(line)["verb"] != verb))


FORGED: dict[str, tuple[Callable[[Forgery], object], str]] = {
    "a byte of a table": (
        lambda f: f.members.update({"tables/teams.jsonl": f.members["tables/teams.jsonl"].replace(b'"FR"', b'"DE"')}),
        "tables/teams.jsonl is not the file that manifest.json names: its bytes were changed.",
    ),
    "the manifest alone": (
        lambda f: f.members.update({MANIFEST: f.members[MANIFEST].replace(b'"people":"names"', b'"people":"nam"')}),
        "manifest.json, at people: 'nam' is not one of ['names', 'pseudonyms'].",
    ),
    "the manifest, after it was signed": (
        lambda f: f.members.update({MANIFEST: f.members[MANIFEST].replace(b'"schema":"00', b'"schema":"01')}),
        "signature.json signs another manifest: manifest.json was changed after it was signed.",
    ),
    "blanks in the manifest": (
        lambda f: f.members.update({MANIFEST: json.dumps(f.manifest).encode()}),
        "manifest.json is not written as a site writes it; do not change the file by hand.",
    ),
    "a signature by another key": (
        lambda f: f.members.update(
            {SIGNATURE: json.dumps({**json.loads(f.members[SIGNATURE]), "public_key": "ab" * 32}).encode()}
        ),
        "The signature in signature.json is not that of the key beside it.",
    ),
    "no signature": (
        lambda f: f.members.pop(SIGNATURE),
        "This is no archive of a call: it has no signature.json. Bundles of other platforms are read by import-call.",
    ),
    "a table that is gone": (
        lambda f: f.members.pop("tables/runs.jsonl"),
        "The archive lacks tables/runs.jsonl, which manifest.json names. Take the whole file again.",
    ),
    "a file that nobody named": (
        lambda f: f.members.update({"files/evil.py": b"import os"}),
        "The archive holds files/evil.py, which manifest.json does not name.",
    ),
    "a way out of the archive": (
        lambda f: f.members.update({"../evil.py": b"import os"}),
        "This is no archive of a call: '../evil.py': an entry's name must not leave its folder.",
    ),
    "a shape from the future": (
        lambda f: f.change_manifest(lambda m: m.update(schema="9999")),
        "The archive's tables have the shape 9999, this site's 0019. Update this site first.",
    ),
    "a shape from the past": (
        lambda f: f.change_manifest(lambda m: m.update(schema="0003")),
        "The archive's tables have the shape 0003, this site's 0019. Bring it to a site of the release that wrote it, "
        "update that site, and write the archive there anew.",
    ),
    "another format": (
        lambda f: f.change_manifest(lambda m: m.update(format="challenge-archive-7")),
        "manifest.json has the format 'challenge-archive-7'; this site reads challenge-archive-1.",
    ),
    "a table too few": (
        lambda f: f.change_manifest(lambda m: m["tables"].pop()),
        "The tables of manifest.json are not those of a call: it lacks release_checks.",
    ),
    "another call in the manifest": (
        lambda f: f.change_manifest(lambda m: m.update(call="another")),
        "tables/calls.jsonl does not hold the one call 'another' of the manifest.",
    ),
    "no JSON": (
        lambda f: f.put("tables/teams.jsonl", b"{oh\n"),
        "tables/teams.jsonl, line 1: it is no JSON: ",
    ),
    "a column that no table has": (
        lambda f: f.change_row("tables/accounts.jsonl", lambda row: row.update(password_hash="$argon2id$")),
        "tables/accounts.jsonl, line 1: its columns are not those of the table accounts: password_hash.",
    ),
    "an instant without a zone": (
        lambda f: f.change_row("tables/calls.jsonl", lambda row: row.update(created_at="2026-03-02 09:00")),
        "tables/calls.jsonl, line 1: created_at is no instant as in 2026-03-02T09:00:00.000000Z: '2026-03-02 09:00'.",
    ),
    "a state that no table knows": (
        lambda f: f.change_row("tables/calls.jsonl", lambda row: row.update(state="won")),
        "tables/calls.jsonl, line 1: state has a value that the table does not know: 'won'.",
    ),
    "a text where a number stands": (
        lambda f: f.change_row("tables/teams.jsonl", lambda row: row.update(headcount="12"), row=1),
        "tables/teams.jsonl, line 2: headcount is no int: '12'.",
    ),
    "a number that no database takes": (
        lambda f: f.change_row("tables/teams.jsonl", lambda row: row.update(turnover_cents=2**70)),
        "tables/teams.jsonl, line 1: turnover_cents is too large: 1180591620717411303424.",
    ),
    "a text that is too long": (
        lambda f: f.change_row("tables/teams.jsonl", lambda row: row.update(country="Atlantis")),
        "tables/teams.jsonl, line 1: country has 8 characters; the table takes 2.",
    ),
    "a character that no database takes": (
        lambda f: f.change_row("tables/teams.jsonl", lambda row: row.update(name="a\0b")),
        "tables/teams.jsonl, line 1: name holds a character that no database takes.",
    ),
    "somebody who is not there": (
        lambda f: f.change_row("tables/memberships.jsonl", lambda row: row.update(account_id=987_654)),
        "tables/memberships.jsonl, lines 1 to ",
    ),
    "a quota that is overrun": (
        lambda f: f.change_row("tables/quotas.jsonl", lambda row: row.update(used=row["allowed"] + 1)),
        "quota_is_never_overrun",
    ),
    "rules": (
        lambda f: f.change_row("tables/call_versions.jsonl", lambda row: row.update(digest=twist(row["digest"]))),
        "Version 1 of the rules is not the one that its digest stands for.",
    ),
    "what was handed in": (
        lambda f: f.change_row(
            "tables/submissions.jsonl", lambda row: row.update(predictions_sha256=twist(row["predictions_sha256"]))
        ),
        "speaks of another submission.",
    ),
    "when it was handed in": (
        lambda f: f.change_row(
            "tables/submissions.jsonl", lambda row: row.update(submitted_at="2026-01-01T00:00:00.000000Z")
        ),
        "speaks of another submission.",
    ),
    "a receipt of nobody's": (
        lambda f: f.change_row("tables/receipts.jsonl", lambda row: row.update(public_key="ab" * 32)),
        "is signed by the key of no site that the call was on.",
    ),
    "no receipt": (
        lambda f: f.put("tables/receipts.jsonl", b"".join(f.members["tables/receipts.jsonl"].splitlines(True)[1:])),
        "has no receipt.",
    ),
    "a log that is silent about an entry": (
        lambda f: without_lines(f, "accept"),
        "No line of any log vouches for the submission lagc-2026-",
    ),
    "a log that is silent about a decision": (
        lambda f: without_lines(f, "propose"),
        "No line of any log vouches for decision 1.",
    ),
    "a log that is silent about boards": (
        lambda f: without_lines(f, "rebuild_board"),
        "No line of any log vouches for version 1 of board 1.",
    ),
    "a line that claims to be covered": (
        lambda f: f.change_row("logs/1.jsonl", lambda row: row.update(verb="forge", withheld=["actor_name"], salt="")),
        "says that people are under pseudonyms in it, and they are not.",
    ),
    "a line that withholds its deed": (
        lambda f: f.change_row("logs/1.jsonl", lambda row: row.update(withheld=["verb"])),
        "logs/1.jsonl, line 1: withheld/0: 'verb' is not one of ['actor_name', 'affiliation'].",
    ),
    "somebody who has nothing to do with it": (
        lambda f: f.put(
            "tables/accounts.jsonl",
            f.members["tables/accounts.jsonl"]
            + b'{"id":999,"email":"eve@nowhere.example","name":"Eve","created_at":"2026-01-01T00:00:00.000000Z",'
            b'"closed_at":null}\n',
        ),
        "tables/accounts.jsonl holds what is no part of this call",
    ),
    "a count": (
        lambda f: f.change_manifest(lambda m: m["tables"][5].update(rows=m["tables"][5]["rows"] + 1)),
        "holds what is no part of this call, or not as a site writes it",
    ),
    "files that no row names": (
        lambda f: f.change_manifest(
            lambda m: m["files"].append({"sha256": "f" * 64, "kinds": ["labels"], "size": None})
        ),
        "The files that manifest.json names are not those that the rows of the call speak of.",
    ),
    "a number that is none": (
        lambda f: f.put(
            "tables/settled_ties.jsonl",
            b'{"id":1,"call_id":1,"tied":NaN,"taken":[],"reason":"Ten letters.","settled_by":1,'
            b'"at":"2026-01-01T00:00:00.000000Z"}\n',
        ),
        "tables/settled_ties.jsonl, line 1: it is no JSON: NaN is no number of JSON.",
    ),
    "an address that is a program": (
        lambda f: f.change_row("tables/obligations.jsonl", lambda row: row.update(proof_url="javascript:alert(1)")),
        "tables/obligations.jsonl, line 1: proof_url is no address of the web: 'javascript:alert(1)'.",
    ),
    "the page for people": (
        lambda f: f.members.update({"README.txt": b"Send your password to eve@nowhere.example."}),
        "README.txt is not the page that a site writes into this archive; somebody changed it.",
    ),
    "a receipt": (
        lambda f: f.change_row("tables/receipts.jsonl", lambda row: row.update(signature=twist(row["signature"]))),
        "is not signed by its key.",
    ),
    "a result": (
        lambda f: f.change_row(
            "tables/results.jsonl", lambda row: row.update(report=row["report"].replace("0.", "1.", 1) + " ")
        ),
        "is not what its digest stands for.",
    ),
    "a rank": (
        lambda f: f.change_row(
            "tables/standings.jsonl", lambda row: row.update(ranking=row["ranking"].replace('"rank":2', '"rank":1', 1))
        ),
        "Version 1 of board 1 is not what its digest stands for.",
    ),
    "a ranking that is none": (
        lambda f: f.change_row("tables/standings.jsonl", lambda row: row.update(ranking="[]")),
        "Version 1 of board 1 is not what its digest stands for. It cannot be read: ",
    ),
    "the money of a decision": (
        lambda f: f.change_row(
            "tables/decisions.jsonl", lambda row: row.update(document=row["document"].replace("0000", "9999", 1))
        ),
        "Decision 1 is not the one that its digest stands for.",
    ),
    "what the log says": (
        lambda f: f.change_row("logs/1.jsonl", lambda row: row.update(verb="forge")),
        "was changed: it does not say what its hash stands for.",
    ),
    "a line that was never in the log": (
        lambda f: f.change_row("logs/1.jsonl", lambda row: row.update(hash=twist(row["hash"]))),
        "is not in the log whose head is signed.",
    ),
    "the head of the log": (
        lambda f: f.change_manifest(lambda m: m["logs"][0].update(log_size=m["logs"][0]["log_size"] + 1)),
        "The head of log 1 is not signed by its key.",
    ),
    "a proof that is none": (
        lambda f: f.change_row("logs/1.jsonl", lambda row: row.update(proof=["xyz"])),
        "logs/1.jsonl, line 1: proof/0: 'xyz' does not match ",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_archive_is_refused_and_leaves_nothing(genuine: Path, site: House, tmp_path: Path, what: str) -> None:
    forge, sentence = FORGED[what]
    forgery = Forgery.of(genuine)
    forge(forgery)
    assert sentence in refused(site, forgery.save(tmp_path / "forged.zip"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 but no zip", b"%PDF-1.7"])
def test_what_is_no_zip_is_refused(site: House, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert refused(site, tmp_path / "file").startswith("This is no archive of a call: ")


def test_a_link_and_a_bomb_are_refused(genuine: Path, site: House, tmp_path: Path) -> None:
    for name, mode, content in (("link", 0o120777, b"/etc/passwd"), ("bomb", 0o100644, bytes(64 << 20))):
        target = Forgery.of(genuine).save(tmp_path / name)
        with zipfile.ZipFile(target, "a") as archive:
            info = zipfile.ZipInfo(f"files/{name}")
            info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
        wanted = {"link": "links are not allowed", "bomb": "unpacks to more than 1 times its size"}[name]
        assert wanted in refused(site, target)


def test_a_file_cut_off_is_refused(genuine: Path, site: House, tmp_path: Path) -> None:
    whole = genuine.read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    assert "cut off before its end" in refused(site, tmp_path / "half.zip")


def test_a_site_that_is_not_empty_takes_none(genuine: Path, tmp_path: Path) -> None:
    with empty_site(tmp_path / "site", postgresql=False) as house:
        bring(house, genuine)
        with pytest.raises(Invalid, match=r"This site is not empty: it has 1 call\."):
            bring(house, genuine)
