"""One round of the worker: it walks through the rooms in their order and does whatever waits there."""

from datetime import timedelta

from challenge.awards.operations_reminders import remind_due
from challenge.compliance import operations as compliance
from challenge.compliance import queries as compliance_queries
from challenge.compliance.operations_verdict import registry_at
from challenge.runs import operations as runs
from challenge.runs import queries_queue
from challenge.runs.executors_endpoint import Spending
from challenge.runs.executors_local import Bounds, LocalExecutor
from challenge.runs.executors_sample import why_unfit
from challenge.standings.operations import rebuild_due
from challenge.web.house import House
from challenge.worker.archiving import tidy_archives, write_next
from challenge.worker.checking import check_next, give_up_deserted_checks
from challenge.worker.evaluating import Evaluator
from challenge.worker.fetching import fetch_next, give_up_deserted_fetches
from challenge.worker.letters import send_letters
from challenge.worker.one_by_one import one_by_one
from challenge.worker.trying import give_up_deserted, try_next

EVALUATING = timedelta(seconds=10)
AT_ONCE = 50
"""How many submissions a round opens runs and examinations for; more wait for the next."""


def evaluator(house: House, *, worker: str = "worker") -> Evaluator:
    """Return the evaluator that the house's settings describe, on this machine."""
    settings = house.settings
    bounds = Bounds(seconds=settings.evaluation_seconds, megabytes=settings.evaluation_megabytes)
    for_models = Bounds(seconds=settings.model_seconds, megabytes=settings.model_megabytes, in_sandbox=True)
    told = {"ENGINES": settings.engines, "SANDBOX_CGROUP": settings.sandbox_cgroup}
    executor = LocalExecutor(
        settings.instance / "work",
        bounds,
        model_bounds=for_models,
        told=told,
        hosts=settings.allowed_hosts,
        spending=Spending(settings.endpoint_requests, settings.endpoint_tokens, settings.endpoint_seconds),
    )
    return Evaluator(house, worker, executor, why_unfit=lambda: why_unfit(executor.run, executor.folder))


def do_whatever_waits(house: House, *, hands: Evaluator | None = None) -> int:
    """Do one round and return how many things were done; 0 means that nothing waits anywhere.

    A round evaluates for a few seconds, one run at least, so that new submissions, boards and letters never wait
    for the whole queue, and boards are not built anew after every single run. A trial is taken up only where no run
    was, one in a round. What is fetched from a hub comes first, one model and one release in a round; an
    archive, which is written at leisure, comes last.
    """
    hands = hands or evaluator(house)
    done = fetch_next(hands) + give_up_deserted_fetches(hands)
    registry = registry_at(house.settings.doi_registry)
    done += check_next(hands, registry) + give_up_deserted_checks(hands)
    done += open_what_is_new(house) + sweep_what_is_deserted(house)
    done += compliance.examine_next(house.database, house.files, now=house.clock.now(), registry=registry)
    evaluated = hands.evaluate_for(EVALUATING)
    done += evaluated + (0 if evaluated or hands.is_leaving() else try_next(hands) + give_up_deserted(hands))
    done += rebuild_due(house.database, house.files, now=house.clock.now())
    done += remind_due(house.database, now=house.clock.now())
    done += write_next(hands) + tidy_archives(house)
    return done + send_letters(house)


def open_what_is_new(house: House) -> int:
    """Open runs and ask for examinations for submissions that have none yet."""
    with house.database.reading() as session:
        unexamined = compliance_queries.unexamined(session, limit=AT_ONCE)
        without_runs = queries_queue.without_runs(session, limit=AT_ONCE)
    for submission in unexamined:
        with house.database.transaction() as session:
            compliance.ask_for(session, submission=submission, now=house.clock.now())
    for submission, suites in without_runs:
        with house.database.transaction() as session:
            runs.open_runs(session, submission=submission, suites=suites, now=house.clock.now())
    return len(unexamined) + len(without_runs)


def sweep_what_is_deserted(house: House) -> int:
    """Deal with every run whose lease has ended, one after the other; return how many there were."""
    return one_by_one(house, lambda session, now: runs.sweep(session, now=now))
