"""Clock, moves, canonical form, receipts' signatures, and the two ways into the database."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from challenge.calls.records import Call
from challenge.calls.states import MOVES, CallState
from challenge.foundation.canonical import canonical, digest
from challenge.foundation.moves import IllegalMove, move
from challenge.foundation.outbox import letters_of, write_letter
from challenge.foundation.settings import Settings, SettingsError, database_address
from challenge.foundation.signing import Signer, is_signed
from tests.cast import TODAY, Cast

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN, st.randoms())
def test_the_order_of_keys_changes_no_digest(data: object, random: object) -> None:
    def shuffled(value: object) -> object:
        if isinstance(value, dict):
            keys = list(value)
            random.shuffle(keys)  # type: ignore[attr-defined]
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(inner) for inner in value] if isinstance(value, list) else value

    assert digest(shuffled(data)) == digest(data)


def test_an_instant_has_one_form_in_every_zone() -> None:
    brussels = datetime(2026, 11, 2, 17, tzinfo=timezone(timedelta(hours=1)))
    assert canonical({"at": brussels}) == b'{"at":"2026-11-02T16:00:00.000000Z"}'


def test_a_receipt_altered_in_one_letter_is_no_receipt(tmp_path: Path) -> None:
    signer = Signer.kept_in(tmp_path)
    signature = signer.sign({"reference": "trial-0001"})
    assert is_signed({"reference": "trial-0001"}, signature, signer.public_key)
    assert not is_signed({"reference": "trial-0002"}, signature, signer.public_key)
    assert not is_signed({"reference": "trial-0001"}, "00" * 64, signer.public_key)
    assert not is_signed({"reference": "trial-0001"}, "no signature", signer.public_key)
    assert Signer.kept_in(tmp_path).public_key == signer.public_key
    assert (tmp_path / "receipts.key").stat().st_mode & 0o077 == 0


def test_a_state_moves_only_along_its_arrows() -> None:
    call = Call(state=CallState.DRAFT)
    with pytest.raises(IllegalMove, match=r"Call cannot go from draft to frozen"):
        move(call, CallState.FROZEN, MOVES)
    move(call, CallState.OPEN, MOVES)
    assert call.state is CallState.OPEN


def test_a_reader_cannot_write(cast: Cast) -> None:
    with pytest.raises(DBAPIError), cast.house.database.reading() as session:
        session.execute(text("INSERT INTO audit_head (id, length, hash) VALUES (1, 0, '')"))


def test_the_database_repeats_the_law_of_states(cast: Cast) -> None:
    impossible = {
        "frozen without an instant": {"state": CallState.FROZEN, "opened_at": TODAY, "frozen_at": None},
        "a draft that was opened": {"state": CallState.DRAFT, "opened_at": TODAY, "frozen_at": None},
    }
    for name, values in impossible.items():
        with pytest.raises(IntegrityError), cast.house.database.transaction() as session:
            session.add(Call(key=name[:40], title=name, version=1, created_at=TODAY, **values))


def test_an_instant_without_a_zone_is_refused(cast: Cast) -> None:
    with pytest.raises(StatementError, match="an instant needs a zone"), cast.house.database.transaction() as session:
        naive = TODAY.replace(tzinfo=None)
        session.add(Call(key="k", title="t", version=1, created_at=naive, state=CallState.DRAFT))


def test_instants_come_back_as_they_went_in(cast: Cast) -> None:
    brussels = datetime(2026, 7, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    with cast.house.database.transaction() as session:
        write_letter(session, account_id=1, subject="s", body="b", now=brussels)
    with cast.house.database.reading() as session:
        letter = letters_of(session, 1)[0]
    assert letter.written_at == brussels
    assert letter.written_at.utcoffset() == timedelta(0)


def test_settings_say_what_to_set(tmp_path: Path) -> None:
    environment = {"CHALLENGE_INSTANCE": str(tmp_path), "CHALLENGE_LEASE_SECONDS": "soon"}
    with pytest.raises(SettingsError, match=r"CHALLENGE_LEASE_SECONDS is 'soon'; give a whole number\."):
        Settings.from_environment(environment)
    first = Settings.from_environment({"CHALLENGE_INSTANCE": str(tmp_path)})
    again = Settings.from_environment({"CHALLENGE_INSTANCE": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) == 64
    assert database_address("postgres://a@b/c") == "postgresql+psycopg://a@b/c"
