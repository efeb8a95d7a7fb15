"""All items are asked, some at once, within a budget; what was answered before is not asked again."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from evaluation.endpoints.addresses import Resolver, address_of, resolve
from evaluation.endpoints.answers import Answer, Answers, End, Outcome
from evaluation.endpoints.budget import Account, Budget
from evaluation.endpoints.clock import Clock, SystemClock
from evaluation.endpoints.drifting import compared, findings_of, sample, versions_of
from evaluation.endpoints.endpoint import Endpoint, Reach, checked
from evaluation.endpoints.replies import Reply
from evaluation.endpoints.requests import Enquiry, Request, enquiry_for
from evaluation.endpoints.retrying import Retries, delay
from evaluation.endpoints.sending import Failure, Line

LARGEST_BODY = 8_388_608
GIVE_UP_AFTER = 20


def ask(
    endpoint: Endpoint,
    requests: Iterable[Request],
    budget: Budget,
    *,
    reach: Reach,
    concurrency: int = 8,
    retries: Retries | None = None,
    timeout: float = 120.0,
    again: float = 0.0,
    answered: Mapping[str, Answer] | None = None,
    on_answer: Callable[[Answer], None] | None = None,
    clock: Clock | None = None,
    resolver: Resolver = resolve,
    trust: ssl.SSLContext | None = None,
) -> Answers:
    """Ask an endpoint every request and give the answers in the order of the requests.

    At most `concurrency` are under way at once; what is sent for an item does not depend on it. `timeout` is in
    seconds, for one try and the whole of its answer. `again` is the share of answered items that are asked a second
    time, after all others, to see whether the endpoint drifts.

    `answered` holds answers of an earlier run by item: an item is skipped if just the same was sent for it then, to the
    byte, and anything came of it but NOT_ASKED. `on_answer` is told each new answer at once, so that a caller can keep
    it.

    Raises EndpointRefused where the endpoint is out of reach, ValueError for items of the same name, and whatever
    `on_answer` raises. Failures of the endpoint are outcomes of items and the end of the run, and never raised.
    """
    asked = list(requests)
    if len({request.item for request in asked}) < len(asked):
        raise ValueError("two requests have the same item; give each a name of its own.")
    if concurrency < 1 or timeout <= 0 or not 0 <= again <= 1:
        raise ValueError("concurrency is at least 1, the timeout above 0, and the share asked again from 0 to 1.")
    url = checked(endpoint, reach)
    port = url.port or {"https": 443, "http": 80}[url.scheme]
    address = address_of(url.host, port, private=reach.private, resolver=resolver)
    clock = clock or SystemClock()

    async def run() -> Answers:
        async with Line(
            endpoint, url, address, connections=concurrency, largest_body=LARGEST_BODY, trust=trust
        ) as line:
            asking = _Asking(endpoint, line, Account(budget, clock), clock, retries or Retries(), timeout, concurrency)
            return await asking.all(asked, answered or {}, on_answer or _nothing, again)

    return asyncio.run(run())


def _nothing(answer: Answer) -> None:
    """Keep no answer before the end."""


class _Asking:
    """One run: what is left to be asked, and why it may end early."""

    def __init__(
        self,
        endpoint: Endpoint,
        line: Line,
        account: Account,
        clock: Clock,
        retries: Retries,
        timeout: float,
        concurrency: int,
    ) -> None:
        self._endpoint = endpoint
        self._line = line
        self._account = account
        self._clock = clock
        self._retries = retries
        self._timeout = timeout
        self._concurrency = concurrency
        self._end: End | None = None
        self._held_until = 0.0
        self._failed_in_a_row = 0
        self._untold = False

    async def all(
        self,
        asked: Sequence[Request],
        answered: Mapping[str, Answer],
        on_answer: Callable[[Answer], None],
        again: float,
    ) -> Answers:
        """Ask what was not answered, then a sample a second time, and sum up."""
        enquiries = {request.item: enquiry_for(request, self._endpoint) for request in asked}
        found = {
            item: answered[item]
            for item, enquiry in enquiries.items()
            if item in answered
            and answered[item].enquiry == enquiry.digest
            and answered[item].outcome is not Outcome.NOT_ASKED
        }
        for answer in await self._several([one for one in asked if one.item not in found], enquiries, on_answer):
            found[answer.item] = answer
        answers = tuple(found[request.item] for request in asked)
        chosen = set(sample(answers, again, self._retries.seed)) if self._end is None else set()
        seconds = await self._several([one for one in asked if one.item in chosen], enquiries, _nothing)
        drift = compared(answers, seconds)
        told = [*answers, *seconds]
        return Answers(
            answers=answers,
            end=self._end or End.COMPLETE,
            findings=findings_of(told, model=self._endpoint.model, untold=self._untold, drift=drift),
            versions=versions_of(told),
            drift=drift,
            requests=self._account.requests,
            tokens=self._account.tokens,
            seconds=self._account.seconds,
        )

    async def _several(
        self, asked: Sequence[Request], enquiries: Mapping[str, Enquiry], on_answer: Callable[[Answer], None]
    ) -> list[Answer]:
        """Ask some items, as many at once as is allowed, each begun in its order."""
        waiting = deque(asked)
        answers: list[Answer] = []

        async def worker() -> None:
            while waiting:
                request = waiting.popleft()
                answer = await self._one(request, enquiries[request.item])
                answers.append(answer)
                if answer.outcome is not Outcome.NOT_ASKED:
                    on_answer(answer)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._concurrency, len(asked))):
                    group.create_task(worker())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return answers

    async def _one(self, request: Request, enquiry: Enquiry) -> Answer:
        """Ask one item until it is answered, may not be tried again, or the run ends."""
        attempts, failure = 0, None
        while True:
            await self._held()
            self._end = self._end or self._account.spent()
            if self._end is not None:
                return self._answer(request, enquiry, attempts, failure, Outcome.NOT_ASKED)
            attempts += 1
            self._account.requests += 1
            seconds = min(self._timeout, self._account.seconds_left)
            sent = await self._line.send(enquiry, request, seconds=seconds, date=self._clock.date())
            self._count(sent, enquiry)
            if isinstance(sent, Failure):
                failure = sent
                if self._account.seconds_left <= 0:
                    continue  # it was dropped because the time is over
            if not sent.again or attempts >= self._retries.attempts:
                return self._ended(request, enquiry, attempts, sent)
            await self._before_next(request, attempts, sent)

    def _ended(self, request: Request, enquiry: Enquiry, attempts: int, sent: Reply | Failure) -> Answer:
        """Take what came of an item's last try, and see whether the run should go on."""
        if isinstance(sent, Reply) and sent.outcome is not Outcome.MALFORMED:
            self._failed_in_a_row = 0
            return self._answer(request, enquiry, attempts, sent, sent.outcome)
        self._failed_in_a_row += 1
        if isinstance(sent, Failure) and sent.shut_out:
            self._end = self._end or End.SHUT_OUT
        elif self._failed_in_a_row >= GIVE_UP_AFTER:
            self._end = self._end or End.FAILING
        return self._answer(request, enquiry, attempts, sent, sent.outcome)

    async def _held(self) -> None:
        """Wait while the server has asked all to wait, unless the time would be over by then."""
        while self._end is None and (left := self._held_until - self._clock.passed()) > 0:
            await self._wait(left)

    async def _before_next(self, request: Request, attempts: int, sent: Reply | Failure) -> None:
        told = sent.told if isinstance(sent, Failure) else None
        seconds = delay(self._retries, request.item, attempts, told)
        if told is not None:
            # What the server says of one request holds for all: the others would only be refused as well.
            self._held_until = max(self._held_until, self._clock.passed() + min(told, self._retries.longest_told))
        await self._wait(seconds)

    async def _wait(self, seconds: float) -> None:
        if seconds >= self._account.seconds_left:
            self._end = self._end or End.TIME_SPENT
            return
        await self._clock.wait(seconds)

    def _count(self, sent: Reply | Failure, enquiry: Enquiry) -> None:
        """Add the tokens of a reply to the account."""
        if isinstance(sent, Failure):
            return
        if sent.usage is None:
            self._untold = self._untold or sent.outcome is not Outcome.MALFORMED
            self._account.tokens += len(enquiry.body) + len((sent.text or "").encode())
        else:
            self._account.tokens += sum(sent.usage)

    def _answer(
        self, request: Request, enquiry: Enquiry, attempts: int, sent: Reply | Failure | None, outcome: Outcome
    ) -> Answer:
        """Write the answer down, with the key struck from whatever the server said."""
        hide = self._endpoint.hide
        reply = sent if isinstance(sent, Reply) else Reply(outcome=outcome)
        usage = reply.usage or (0, 0)
        return Answer(
            item=request.item,
            outcome=outcome,
            enquiry=enquiry.digest,
            text=None if reply.text is None else hide(reply.text),
            scores=reply.scores,
            lengths=reply.lengths,
            finish=None if reply.finish is None else hide(reply.finish),
            model=None if reply.model is None else hide(reply.model),
            fingerprint=None if reply.fingerprint is None else hide(reply.fingerprint),
            prompt_tokens=usage[0],
            completion_tokens=usage[1],
            attempts=attempts,
            status=sent.status if isinstance(sent, Failure) else 200 if sent is not None else None,
            detail="" if sent is None else hide(sent.detail),
        )
