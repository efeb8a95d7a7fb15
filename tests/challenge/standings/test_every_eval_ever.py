"""A board goes out in the schema Every Eval Ever, to each reader as much as the reader may know."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from challenge.calls.records import CallSuite
from challenge.runs.states import Outcome
from challenge.standings.states import Part, Veil
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, items_right, stage_field, stage_result
from tests.challenge.standings.models_board import ENDPOINT, HUB, MODEL_SHA256, TRUTH, stage_models
from tests.challenge.standings.readers import EVERYBODY, OFFICE, browser, seen_by, stage_board
from tests.challenge.standings.test_veil import leaked, lift, veil
from tests.every_eval_ever import files_of, logs_of, result, samples_of

FILE, SAMPLES = "/every-eval-ever.zip", "/every-eval-ever-samples.zip"
FORMULAS = ("=HYPERLINK(A1)", "../../etc/passwd", "data", "Ünïcode Öy", "CON", "…")


def content(field: Field, leaf: str = FILE, name: str = "visitor", part: Part = Part.PUBLIC) -> bytes:
    """Return a file of a board as a reader gets it."""
    answer = browser(field, name).get(f"/boards/{field.board(part).id}{leaf}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/zip"
    return answer.get_data()


def by_entry(raw: bytes) -> dict[str, dict[str, Any]]:
    """Return the checked documents of a zip by entry."""
    return {log["model_info"]["additional_details"]["entry"]: log for log in logs_of(raw)}


@pytest.fixture
def predictions(cast: Cast) -> Field:
    """A published board of predictions; one team has no result."""
    field = stage_field(cast, {"Alder": 6, "Birch": 4, "Cedar": 0})
    stage_result(cast, field.enter("Dogwood", 4), outcome=Outcome.TIMED_OUT)
    field.rebuild()
    field.publish()
    return field


@pytest.fixture
def models(cast: Cast, tmp_path: Path) -> Field:
    """A published board of models."""
    field = stage_models(cast, tmp_path)
    field.publish()
    return field


def test_a_board_of_predictions_is_valid_and_says_who_did_what(predictions: Field) -> None:
    logs = by_entry(content(predictions))
    assert sorted(logs) == ["trial-0001", "trial-0002", "trial-0003"], "who has no result has no scores"
    log = logs["trial-0002"]
    assert log["schema_version"] == "0.3.0"
    assert log["model_info"]["id"] == "Birch/trial-0002"
    assert log["model_info"]["developer"] == "Birch"
    source = log["source_metadata"]
    assert (source["source_organization_name"], source["evaluator_relationship"]) == (
        "Rehearsal Authority", "collaborative",
    )  # fmt: skip
    found = result(log, "small.topic.public")
    assert found["score_details"]["score"] == 0.666667
    assert found["source_data"]["additional_details"]["suite_sha256"] == "5" * 64
    assert (found["metric_config"]["metric_id"], found["metric_config"]["lower_is_better"]) == ("accuracy", False)
    assert log["retrieved_timestamp"] == f"{predictions.standing().made_at.timestamp():.6f}"


def test_every_score_of_the_board_is_in_its_document(models: Field) -> None:
    ranking = models.cast.browser().get(f"/boards/{models.board().id}.json").get_json()["ranking"]
    logs = by_entry(content(models))
    for entry in ranking["entries"]:
        log = logs[entry["entrant"]]
        for task in entry["tasks"]:
            found = result(log, f"small.{task['task']}.public")["score_details"]
            assert found["score"] == float(task["score"])
            assert found["uncertainty"]["num_samples"] == task["items"]
        points = result(log, "small.points.public")["score_details"]
        assert points["score"] == float(entry["points"])
        assert points["details"]["rank"] == str(entry["rank"])
        assert points["uncertainty"]["confidence_interval"]["confidence_level"] == 0.95


def test_an_interval_is_the_instrument_s_with_its_level_and_method(predictions: Field) -> None:
    some = result(by_entry(content(predictions))["trial-0002"], "small.topic.public")["score_details"]["uncertainty"]
    assert some["standard_error"]["value"] == pytest.approx(0.210819, abs=1e-6)
    assert some["confidence_interval"]["confidence_level"] == 0.95
    assert some["confidence_interval"]["method"].startswith("Wilson")
    assert some["confidence_interval"]["lower"] < 0.666667 < some["confidence_interval"]["upper"]


@pytest.mark.parametrize(("entry", "score"), [("trial-0001", 1.0), ("trial-0003", 0.0)])
def test_all_right_and_all_wrong_have_an_interval_and_claim_no_certainty(
    predictions: Field, entry: str, score: float
) -> None:
    found = result(by_entry(content(predictions))[entry], "small.topic.public")["score_details"]
    assert found["score"] == score
    bounds = found["uncertainty"]["confidence_interval"]
    assert bounds["upper"] - bounds["lower"] > 0.3
    assert "standard_error" not in found["uncertainty"]


def test_an_error_without_a_bound_is_better_when_it_is_lower(models: Field) -> None:
    log = by_entry(content(models))["trial-0003"]
    found = result(log, "small.size.public")
    metric = found["metric_config"]
    assert (metric["metric_id"], metric["lower_is_better"]) == ("rmse", True)
    assert (metric["min_score"], metric["max_score"]) == (0.0, "Infinity")
    assert found["score_details"]["score"] > 0
    assert "log" in found["score_details"]["uncertainty"]["confidence_interval"]["method"]
    none = result(by_entry(content(models))["trial-0001"], "small.size.public")["score_details"]
    assert none["score"] == 0, "no item moves it, so nothing is said of its spread"
    assert set(none["uncertainty"]) == {"num_samples"}


def test_a_task_that_counts_as_its_floor_has_no_score(cast: Cast) -> None:
    ranking = {"confidence": "0.9", "draws": 2000, "seed": 7, "missing": "floor", "decimals": 2}
    field = stage_field(cast, {"Alder": 6, "Birch": 3}, ranking=ranking)
    summary = '{"tasks":[%s,%s]}'
    one = (
        '{"name":"%s","title":"T","metric":"accuracy","floor":"0.5","ceiling":"1","weight":"1",'
        '"higher_is_better":true,"unit":10000,"public":6,"private":6}'
    )
    with cast.house.database.transaction() as session:
        suite = session.scalars(select(CallSuite).where(CallSuite.call_id == field.call.id)).one()
        suite.summary = summary % (one % "topic", one % "other")
    field.rebuild()
    field.publish()
    log = by_entry(content(field))["trial-0002"]
    assert [each["evaluation_name"] for each in log["evaluation_results"]] == [
        "small.topic.public", "small.points.public",
    ]  # fmt: skip
    bounds = result(log, "small.topic.public")["score_details"]["uncertainty"]["confidence_interval"]
    assert bounds["confidence_level"] == 0.9, "the board's own"


def test_the_office_reads_what_a_model_is(models: Field) -> None:
    logs = by_entry(content(models, name="auditor"))
    package, hub, endpoint = (logs[f"trial-000{number}"]["model_info"] for number in (1, 2, 3))
    assert (package["id"], package["name"]) == ("Alder/Entry-1", "Entry 1")
    assert package["additional_details"] == {
        "entry": "trial-0001", "deployment_type": "self_deployed", "model_availability": "unknown",
        "model_files_sha256": MODEL_SHA256, "hardware": "Xeon 8480+", "energy_wh": "2.0000",
        "energy_method": "measured", "cost_eur": "0.04",
    }  # fmt: skip
    assert (hub["id"], hub["name"], hub["developer"]) == (HUB["model"], HUB["model"], "Birch")
    assert hub["additional_details"]["hub_commit"] == HUB["commit"]
    assert endpoint["additional_details"] == {
        "entry": "trial-0003", "deployment_type": "externally_managed", "model_availability": "unknown",
    }  # fmt: skip
    assert all(log["eval_library"]["version"] == "0.1.0" for log in logs.values())
    assert all("evaluation_timestamp" in log for log in logs.values())
    assert all(log["source_metadata"]["evaluator_relationship"] == "third_party" for log in logs.values())


def test_teams_and_visitors_read_no_title_and_no_hub_and_models_only_with_the_item_scores(models: Field) -> None:
    secret = ("Entry 1", "Entry-1", *HUB.values(), *ENDPOINT.values())
    for name in sorted(EVERYBODY - OFFICE):
        said = b"".join(files_of(content(models, name=name)).values()).decode()
        assert [word for word in (*secret, MODEL_SHA256, "evaluation_timestamp", "self_deployed") if word in said] == []
        assert "Xeon 8480+" in said
        assert "energy_wh" in said
    models.freeze_call()
    models.freeze()
    said = b"".join(files_of(content(models)).values()).decode()
    assert [word for word in secret if word in said] == []
    assert MODEL_SHA256 in said
    names = [log["model_info"]["id"] for log in logs_of(content(models))]
    assert names == ["Alder/trial-0001", "Birch/trial-0002", "Cedar-Söhne/trial-0003"]


def test_who_may_see_the_board_gets_the_file_and_nobody_else(cast: Cast) -> None:
    field = stage_board(cast)
    assert seen_by(field, FILE) == seen_by(field, ".csv") == OFFICE
    assert seen_by(field, "/versions/1" + FILE) == OFFICE
    field.publish()
    assert seen_by(field, FILE) == seen_by(field, ".csv") == EVERYBODY
    assert browser(field, "visitor").get(f"/boards/{field.board().id}/versions/9{FILE}").status_code == 404
    assert f'<a href="/boards/{field.board().id}/versions/1{FILE}">' in content_of_page(field)


def content_of_page(field: Field, name: str = "visitor", part: Part = Part.PUBLIC) -> str:
    """Return the page of a board."""
    return browser(field, name).get(f"/boards/{field.board(part).id}").get_data(as_text=True)


@pytest.mark.parametrize("which", [Veil.PUBLIC, Veil.JUDGES])
def test_under_a_veil_no_document_tells_who_is_who(models: Field, which: Veil) -> None:
    content(models, name="auditor")  # made, and kept, before the board is veiled
    content(models)
    veil(models, which)
    hidden = {"visitor", "stranger", "member", "competing judge"} | ({"judge"} if which is Veil.JUDGES else set())
    own = ("Alder", "Birch", "Cedar", "trial-0", MODEL_SHA256, "Xeon", "deployed", "managed", "evaluation_timestamp")
    for name in sorted(hidden):
        raw = content(models, name=name)
        logs = by_entry(raw)
        assert len(logs) == 3
        for pseudonym, log in logs.items():
            assert log["model_info"]["id"] == f"trial/{pseudonym}"
            assert log["model_info"]["name"] == pseudonym.replace("-", " ").capitalize()
            assert "developer" not in log["model_info"]
            assert log["eval_library"]["version"] == "unknown"
            for one in log["evaluation_results"]:
                told, is_points = one["score_details"]["uncertainty"], one["evaluation_name"] == "small.points.public"
                assert "confidence_interval" in told if is_points else told.keys() == {"num_samples"}
        said = "".join(path + text.decode() for path, text in files_of(raw).items())
        assert leaked(models, said) == []
        assert [word for word in (*own, *HUB.values(), *ENDPOINT.values()) if word in said] == []
        assert browser(models, name).get(f"/boards/{models.board().id}{SAMPLES}").status_code == 403
    assert "Alder/Entry-1" in {log["model_info"]["id"] for log in logs_of(content(models, name="auditor"))}
    lift(models)
    assert "Alder/trial-0001" in {log["model_info"]["id"] for log in logs_of(content(models))}


def test_a_version_has_the_same_bytes_for_good(models: Field) -> None:
    before = content(models)
    assert content(models, "/versions/1" + FILE) == before
    again = browser(models, "visitor").get(f"/boards/{models.board().id}{FILE}")
    name = f"board-{models.board().id}-v1-every-eval-ever.zip"
    assert again.headers["Content-Disposition"] == f"attachment; filename={name}"
    models.cast.app.extensions.pop("fragments")
    assert content(models) == before, "and when it is made anew"
    stage_result(models.cast, models.entries["Alder"], items=items_right(3), round_=2)
    models.rebuild()
    assert content(models, "/versions/1" + FILE) == before


def test_a_file_that_has_not_changed_is_not_sent_again(models: Field) -> None:
    visitor, address = models.cast.browser(), f"/boards/{models.board().id}{FILE}"
    tag = visitor.get(address).headers["ETag"]
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_names_of_any_kind_become_parts_of_paths(cast: Cast) -> None:
    field = stage_field(cast, {name: place for place, name in enumerate(FORMULAS)})
    field.rebuild()
    field.publish()
    logs = logs_of(content(field))
    assert {log["model_info"]["developer"] for log in logs} == set(FORMULAS)
    assert all(".." not in path for path in files_of(content(field)))


def test_samples_follow_the_item_scores_and_hold_public_items_alone(models: Field) -> None:
    address = f"/boards/{models.board().id}{SAMPLES}"
    assert models.cast.browser().get(address).status_code == 403
    assert models.cast.browser(models.captains["Alder"]).get(address).status_code == 403
    assert SAMPLES not in content_of_page(models)
    early = samples_of(content(models, SAMPLES, name="auditor"))
    assert len(early) == 3
    models.freeze_call()
    models.freeze()
    assert SAMPLES in content_of_page(models)
    raw = content(models, SAMPLES)
    logs, files = by_entry(raw), samples_of(raw)
    public = {row["sample_id"] for row in next(iter(files.values()))}
    assert len(public) == 6
    assert public < set(TRUTH["topic"]), "an error is neither right nor wrong, so its task has no samples"
    for rows in files.values():
        assert {row["sample_id"] for row in rows} == public
        for row in rows:
            assert row["input"]["reference"] == [TRUTH["topic"][row["sample_id"]]]
            assert row["input"]["raw"] == f"width: {row['sample_id'][1:]}\nheight: 2"
            assert row["output"]["raw"] == row["answer_attribution"] == []
    for log in logs.values():
        path = log["detailed_evaluation_results"]["file_path"]
        right = sum(row["evaluation"]["is_correct"] for row in files[path])
        score = result(log, "small.topic.public")["score_details"]["score"]
        assert right / len(files[path]) == pytest.approx(score, abs=1e-6)
    assert content(models, SAMPLES) == raw


def test_the_hidden_part_has_scores_and_no_samples(models: Field) -> None:
    logs = by_entry(content(models, name="auditor", part=Part.PRIVATE))
    assert len(logs) == 3
    hidden = set(TRUTH["topic"]) - _public(models)
    said = b"".join(files_of(content(models, name="auditor", part=Part.PRIVATE)).values()).decode()
    assert [item for item in hidden if f'"{item}"' in said] == []
    models.freeze_call()
    models.rebuild()
    models.publish(Part.PRIVATE)
    models.freeze(Part.PRIVATE)
    for name in ("visitor", "auditor"):
        answer = browser(models, name).get(f"/boards/{models.board(Part.PRIVATE).id}{SAMPLES}")
        assert answer.status_code == 403
        assert "stay hidden" in answer.get_data(as_text=True)
    assert SAMPLES not in content_of_page(models, part=Part.PRIVATE)


def test_a_suite_of_predictions_has_no_samples(predictions: Field) -> None:
    answer = browser(predictions, "auditor").get(f"/boards/{predictions.board().id}{SAMPLES}")
    assert answer.status_code == 403
    assert "not put to models" in answer.get_data(as_text=True)


def _public(models: Field) -> set[str]:
    found = samples_of(content(models, SAMPLES, name="auditor"))
    return {row["sample_id"] for rows in found.values() for row in rows}
