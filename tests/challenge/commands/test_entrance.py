"""The commands of an operator do what they say, and say in one line why they do not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import inspect, select, text

from challenge.calls import queries as calls
from challenge.calls.states import CallState
from challenge.commands.schema import metadata
from challenge.foundation.audit import AuditLine, audit_head
from challenge.foundation.database import Database
from challenge.foundation.permits import Role
from challenge.people import queries as people
from tests.cast import Cast
from tests.challenge.calls.staging import MANIFEST, SECRET, SOON

ROOT = Path(__file__).parents[3]


def run(cast: Cast, *words: str | Path) -> Result:
    """Run a command as `flask --app wsgi` would."""
    return cast.app.test_cli_runner().invoke(args=[str(word) for word in words])


def flask(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, in an installation of its own."""
    environment = {"PATH": os.environ["PATH"], "CHALLENGE_INSTANCE": str(instance), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def call_file(folder: Path, content: str = SOON, *, with_suite: bool = True) -> Path:
    """Write a call file, with the suite that it names beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "call.yaml").write_text(content, encoding="utf-8")
    if with_suite:
        items = folder / "suites" / "tabular" / "items"
        items.mkdir(parents=True, exist_ok=True)
        (items.parent / "suite.yaml").write_text(MANIFEST)
        topics = "".join(f"t{n},{'heron' if n % 3 else SECRET}\n" for n in range(12))
        (items / "topic.csv").write_text("item,label\n" + topics)
        (items / "size.csv").write_text("item,label\n" + "".join(f"s{n},{n}.25\n" for n in range(8)))
    return folder / "call.yaml"


def test_a_database_is_made_where_there_was_nothing_and_upgraded_again(tmp_path: Path) -> None:
    for _ in range(2):
        told = flask(tmp_path / "new", "database", "upgrade")
        assert (told.returncode, told.stdout) == (0, "The database is up to date.\n"), told.stderr
    database = Database(f"sqlite:///{tmp_path / 'new' / 'challenge.db'}")
    tables = set(inspect(database.engine).get_table_names())
    database.close()
    assert set(metadata().tables) <= tables
    assert flask(tmp_path / "new", "audit", "verify").stdout.startswith("The log holds: 0 lines")


def test_a_log_that_holds_is_told_with_its_head(cast: Cast) -> None:
    cast.browser(cast.admin())
    with cast.house.database.reading() as session:
        length, head = audit_head(session)
    told = run(cast, "audit", "verify")
    assert (told.exit_code, told.output) == (0, f"The log holds: {length} lines, head {head}.\n")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE audit_lines SET actor_name = 'nobody' WHERE number = 2", "Line 2 was changed after it was written."),
        ("DELETE FROM audit_lines WHERE number = 2", "Line 2 is missing: the next one is numbered 3."),
        ("DELETE FROM audit_lines WHERE number > 2", "The log ends at line 2, but its head says"),
    ],
)
def test_a_log_that_was_tampered_with_is_told_by_its_first_broken_line(cast: Cast, damage: str, sentence: str) -> None:
    cast.browser(cast.admin())
    cast.browser(cast.judge())
    with cast.house.database.transaction() as session:
        session.execute(text(damage))
    told = run(cast, "audit", "verify")
    assert told.exit_code == 1
    assert sentence in told.stderr
    assert "holds" not in told.stdout


def test_the_first_admin_is_made_of_an_account(cast: Cast) -> None:
    ada = cast.person("Ada")
    told = run(cast, "people", "grant", " ADA@people.example", "admin")
    assert (told.exit_code, told.output) == (0, "Ada now holds the role admin.\n")
    assert cast.browser(ada).get("/people").status_code == 200
    with cast.house.database.reading() as session:
        [line] = session.scalars(select(AuditLine).where(AuditLine.verb == "grant_role"))
    assert (line.actor_name, line.account_id) == ("platform", None)


def test_a_role_is_granted_once_however_often_it_is_asked_for(cast: Cast) -> None:
    cast.person("Ada")
    for _ in range(2):
        assert run(cast, "people", "grant", "ada@people.example", "judge").exit_code == 0
    with cast.house.database.reading() as session:
        assert len(session.scalars(select(AuditLine).where(AuditLine.verb == "grant_role")).all()) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody@people.example", "admin"), "There is no account with the address nobody@people.example."),
        (("ada@people.example", "team"), "'team' is not one of"),
        (("ada@people.example", "king"), "'king' is not one of"),
    ],
)
def test_what_cannot_be_granted_is_said_in_one_line(cast: Cast, words: tuple[str, str], sentence: str) -> None:
    ada = cast.person("Ada")
    told = run(cast, "people", "grant", *words)
    assert told.exit_code != 0
    assert sentence in told.stderr
    with cast.house.database.reading() as session:
        assert people.roles_of(session, ada.account_id or 0) == {Role.TEAM}


def test_a_call_file_is_checked_without_being_imported(cast: Cast, tmp_path: Path) -> None:
    told = run(cast, "call", "check", call_file(tmp_path))
    assert told.exit_code == 0
    assert told.output.endswith("holds: Large AI Grand Challenge 2026.\n")
    with cast.house.database.reading() as session:
        assert calls.all_calls(session, drafts=True) == []


def test_a_wrong_call_file_is_told_by_line_and_key(cast: Cast, tmp_path: Path) -> None:
    file = call_file(tmp_path, SOON.replace("winners: 4", "winners: 0").replace("currency: EUR", "currency: euros"))
    told = run(cast, "call", "check", file)
    assert told.exit_code == 1
    lines = SOON.splitlines()
    for key, word in (("selection.winners", "  winners: 4"), ("prize.currency", "  currency: EUR")):
        assert f"line {lines.index(word) + 1}: {key}: " in told.stderr


def test_a_file_that_is_no_text_is_told_so(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "call.yaml"
    file.write_bytes(b"key: \xff\xfe")
    told = run(cast, "call", "check", file)
    assert told.exit_code == 1
    assert "is not text in UTF-8. Save it as UTF-8." in told.stderr


def test_a_call_is_imported_as_a_draft_with_the_suites_beside_it(cast: Cast, tmp_path: Path) -> None:
    cast.admin()
    told = run(cast, "call", "import", call_file(tmp_path), "--as", "olga@people.example")
    assert (told.exit_code, told.output) == (
        0, "Large AI Grand Challenge 2026: version 1 imported; see /calls/soon/manage.\n",
    )  # fmt: skip
    with cast.house.database.reading() as session:
        call = calls.call_by_key(session, "soon")
        [suite] = calls.suites_of(session, call)
        lines = session.execute(
            select(AuditLine.verb, AuditLine.actor_name)
            .where(AuditLine.verb.in_(["import_call", "add_suite"]))
            .order_by(AuditLine.number)
        ).all()
    assert (call.state, suite.key) == (CallState.DRAFT, "tabular")
    assert cast.house.files.has(suite.file_sha256)
    assert [tuple(line) for line in lines] == [("import_call", "Olga"), ("add_suite", "Olga")]


def test_a_draft_s_next_version_takes_the_suite_as_it_lies_beside_it_now(cast: Cast, tmp_path: Path) -> None:
    cast.admin()
    file = call_file(tmp_path)
    run(cast, "call", "import", file, "--as", "olga@people.example")
    with cast.house.database.reading() as session:
        before = calls.suites_of(session, calls.call_by_key(session, "soon"))[0].digest
    call_file(tmp_path, SOON.replace("winners: 4", "winners: 3"))
    (tmp_path / "suites" / "tabular" / "items" / "size.csv").write_text(
        "item,label\n" + "".join(f"s{n},{n}.75\n" for n in range(8))
    )
    told = run(cast, "call", "import", file, "--as", "olga@people.example")
    assert "version 2 imported" in told.output
    with cast.house.database.reading() as session:
        [suite] = calls.suites_of(session, calls.call_by_key(session, "soon"))
    assert suite.digest != before


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("nobody@people.example", "There is no account with the address nobody@people.example."),
        ("jonas@people.example", "Only an admin may import a call."),
    ],
)
def test_who_may_not_import_is_told_so_in_one_line(cast: Cast, tmp_path: Path, who: str, sentence: str) -> None:
    cast.judge()
    told = run(cast, "call", "import", call_file(tmp_path), "--as", who)
    assert (told.exit_code, told.stderr) == (1, f"Error: {sentence}\n")


def test_what_is_in_force_already_is_not_imported_again(cast: Cast, tmp_path: Path) -> None:
    cast.admin()
    file = call_file(tmp_path)
    run(cast, "call", "import", file, "--as", "olga@people.example")
    told = run(cast, "call", "import", file, "--as", "olga@people.example")
    assert told.exit_code == 1
    assert "nothing was imported" in told.stderr
    assert "Traceback" not in told.output


def test_a_suite_that_cannot_be_used_stops_the_import(cast: Cast, tmp_path: Path) -> None:
    cast.admin()
    file = call_file(tmp_path)
    (tmp_path / "suites" / "tabular" / "suite.yaml").write_text("name: small\n")
    told = run(cast, "call", "import", file, "--as", "olga@people.example")
    assert told.exit_code == 1
    assert told.stderr.startswith("Error: ")
    with cast.house.database.reading() as session:
        assert calls.all_calls(session, drafts=True) == []


def test_the_demonstration_is_not_played_where_people_are(cast: Cast) -> None:
    cast.person("Ada")
    told = run(cast, "demo", "play")
    assert told.exit_code == 1
    assert "play on an empty database" in told.stderr
    with cast.house.database.reading() as session:
        assert [account.name for account in people.all_accounts(session)] == ["Ada"]


def test_a_wrong_setting_is_told_before_anything_starts(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"], "CHALLENGE_INSTANCE": str(tmp_path), "CHALLENGE_LEASE_SECONDS": "a minute",
        "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode != 0
    assert "CHALLENGE_LEASE_SECONDS is 'a minute'; give a whole number." in told.stderr


def test_somebody_without_a_password_is_given_one_and_signed_out(cast: Cast) -> None:
    ada = cast.person("Ada")
    before = cast.browser(ada)
    assert before.get("/account").status_code == 200
    told = run(cast, "people", "password", "ada@people.example", "--new", "nine loud magpies")
    assert (told.exit_code, told.output.strip()) == (0, "Ada has a new password, and is signed out everywhere.")
    assert before.get("/account").status_code == 303
    answer = cast.browser().post("/sign-in", {"email": "ada@people.example", "password": "nine loud magpies"})
    assert answer.status_code == 303
    with cast.house.database.reading() as session:
        [line] = session.scalars(select(AuditLine).where(AuditLine.verb == "set_password"))
    assert (line.actor_name, line.particulars) == ("platform", "{}")


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("ada@people.example", "short", "Choose a password of at least 12 characters"),
        ("ada@people.example", "the ada of old times", "contains neither your name nor your address"),
        ("nobody@people.example", "nine loud magpies", "There is no account with the address nobody@people.example."),
    ],
)
def test_a_password_that_will_not_do_is_refused(cast: Cast, email: str, password: str, sentence: str) -> None:
    cast.person("Ada")
    told = run(cast, "people", "password", email, "--new", password)
    assert (told.exit_code, sentence in told.output) == (1, True)
