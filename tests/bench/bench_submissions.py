"""How many submissions are accepted a second: by the operation itself, and by the page's form over HTTP."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass, field

from challenge.people import operations as people
from challenge.people import queries as people_queries
from tests.bench.crowd import Crowd, stage_crowd
from tests.bench.figures import Figure
from tests.bench.ground import environment, ground
from tests.bench.hands import BARE, Burst, Member, Plan, work
from tests.bench.serving import Server, served

TEAMS, ROUNDS, PROCESSES = 200, 7, (1, 4)
WAYS = {"row": 200, "files": 50, "accept": 50, "form": 25}
ROW = "one INSERT a commit, bare driver"
FILES = "two files with fsync, one INSERT a commit"


@dataclass
class Rates:
    """What the rounds of one way came to, with so many processes at once."""

    per_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    """CPU time of one submission: of the processes that hand in, or of the server where they only send forms."""


def figures() -> Iterator[Figure]:
    """Yield rates from one process and from several; every process hands in for teams of its own."""
    for processes in PROCESSES:
        with ground() as cast:
            crowd = stage_crowd(cast, TEAMS)
            BARE.metadata.create_all(cast.house.database.engine)
            with served("wsgi:app", environment(cast.house)) as server:
                rates = _measured(crowd, server, processes)
        told = "1 process" if processes == 1 else f"{processes} processes at once"
        accept, form = rates["accept"], rates["form"]
        yield Figure(f"accepted by the operation, {told}", accept.per_second, "1/s", rates["row"].per_second, ROW)
        yield Figure("  the same", accept.per_second, "1/s", rates["files"].per_second, FILES)
        yield Figure("  CPU of one", accept.cpu_ms, "CPU-ms", rates["files"].cpu_ms, FILES)
        yield Figure(f"accepted over HTTP, {told}", form.per_second, "1/s", rates["row"].per_second, ROW)
        yield Figure("  the same", form.per_second, "1/s", accept.per_second, "the operation itself")
        yield Figure("  CPU of one in the server", form.cpu_ms, "CPU-ms", accept.cpu_ms, "the operation itself")


def _measured(crowd: Crowd, server: Server, processes: int) -> dict[str, Rates]:
    settings, members = crowd.cast.house.settings, _members(crowd)
    spawn = multiprocessing.get_context("spawn")
    gate, bursts = spawn.Barrier(processes + 1), spawn.Queue()
    plans = [
        Plan(settings.instance, settings.database_url, server.port, members[number::processes], WAYS, ROUNDS)
        for number in range(processes)
    ]
    hands = [spawn.Process(target=work, args=(plan, gate, bursts), daemon=True) for plan in plans]
    for one in hands:
        one.start()
    rates = {way: Rates() for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            gate.wait(300)
            served_for = server.cpu_ms()
            done: list[Burst] = [bursts.get(timeout=300) for _ in hands]
            served_for = server.cpu_ms() - served_for
            gate.wait(300)
            count = WAYS[way] * processes
            took = max(burst.ended for burst in done) - min(burst.began for burst in done)
            rates[way].per_second.append(count / took)
            own = sum(burst.cpu for burst in done) * 1000
            rates[way].cpu_ms.append((served_for if way == "form" else own) / count)
    for one in hands:
        one.join(60)
    return rates


def _members(crowd: Crowd) -> list[Member]:
    members = []
    with crowd.cast.house.database.transaction() as session:
        for team, captain in crowd.teams:
            account = people_queries.account(session, captain.account_id or 0)
            members.append(Member(team.id, captain, people.begin_sitting(session, account, now=crowd.cast.now)))
    return members
