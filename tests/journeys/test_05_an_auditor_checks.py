"""An auditor checks the log, recomputes the decision from its bundle, and ranks the exported scores at home."""

import csv
import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.journeys.access import places
from tests.journeys.conftest import Walker

ROOT = Path(__file__).parents[2]


def instrument(*words: str) -> subprocess.CompletedProcess[str]:
    """Run an instrument as a person at home would."""
    environment = {"PATH": os.environ["PATH"], "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, env=environment, check=False
    )


@pytest.mark.browser
def test_the_log_holds(walker: Walker) -> None:
    walker.sign_in("agnes")
    walker.go("/audit")
    walker.press("Check the whole log", role="link")
    assert walker.says("The log holds: every one of its")
    walker.go("/audit?verb=sign")
    assert walker.says("Henrik Voss")


def test_the_decision_comes_out_of_its_bundle_again(demonstration: Cast, tmp_path: Path) -> None:
    values = places(demonstration)
    bundle = demonstration.browser().get(f"/decisions/{values['decision_id']}/bundle.json").get_data()
    path = tmp_path / "bundle.json"
    path.write_bytes(bundle)
    verified = instrument("leaderboards", "verify", str(path))
    assert (verified.returncode, verified.stdout[:12]) == (0, "same SHA-256")
    path.write_bytes(bundle.replace(b'"lagc-2026-0001"', b'"lagc-2026-0099"', 1))
    assert instrument("leaderboards", "verify", str(path)).returncode != 0


def test_the_exported_scores_give_the_board_digit_by_digit(demonstration: Cast, tmp_path: Path) -> None:
    board = places(demonstration)["board_id"]
    browser = demonstration.browser()
    for name in ("items.csv", "policy.json", "status.csv"):
        (tmp_path / name).write_bytes(browser.get(f"/boards/{board}/{name}").get_data())
    ranked = instrument(
        "leaderboards", "rank", str(tmp_path / "items.csv"), "--policy", str(tmp_path / "policy.json"),
        "--status", str(tmp_path / "status.csv"), "--json", "-",
    )  # fmt: skip
    assert ranked.returncode == 0, ranked.stderr
    home = {entry["entrant"]: entry for entry in json.loads(ranked.stdout)["entries"]}
    site = list(csv.DictReader(io.StringIO(browser.get(f"/boards/{board}.csv").get_data().decode("utf-8-sig"))))
    assert len(site) == len(home) == 11
    for row in site:
        entry = home[row["entry"]]
        assert [row["rank"], row["rank_low"], row["rank_high"]] == [
            str(entry[name]) for name in ("rank", "rank_low", "rank_high")
        ]
        assert [row["points"], row["points_low"], row["points_high"]] == [entry["points"], entry["low"], entry["high"]]


def test_predictions_score_at_home_as_they_did_here(demonstration: Cast, tmp_path: Path) -> None:
    values = places(demonstration)
    member = demonstration.browser(demonstration.known["northlight"])
    predictions = tmp_path / "predictions.parquet"
    predictions.write_bytes(member.get(f"/submissions/{values['reference']}/files/predictions").get_data())
    starter = tmp_path / "starter.zip"
    starter.write_bytes(member.get("/calls/lagc-2026/suites/tabular/starter.zip").get_data())
    scored = instrument(
        "evaluation", "score", str(starter), str(predictions), "--only", "public", "--out", str(tmp_path / "out")
    )
    assert scored.returncode == 0, scored.stderr
    home = {task["task"]: task["score"] for task in json.loads((tmp_path / "out" / "meta.json").read_text())["tasks"]}
    page = member.get(f"/runs/{values['run_id']}").get_data(as_text=True)
    assert len(home) == 4
    for score in home.values():
        assert f"{Decimal(score):.4f}" in page


@pytest.mark.browser
def test_answers_too_alike_are_a_pointer_that_shuts_nobody_out(walker: Walker) -> None:
    walker.sign_in("olga")
    walker.go("/boards/1")
    walker.press("Answers too alike", role="link")
    assert walker.says("This is a pointer and no proof.")
    walker.press("Note what came of lagc-2026-0002 and lagc-2026-0003", role="link")
    walker.write("What came of it", "Both show their logs of training.")
    walker.press("Note it")
    assert walker.says("Noted, on record.")
    assert walker.says("Both show their logs of training.")
