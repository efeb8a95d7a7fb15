"""One enquiry is sent and its reply read, within limits of time and size; no library's error text leaves this file."""

import asyncio
import json
import ssl
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx

from evaluation.endpoints.answers import Outcome
from evaluation.endpoints.endpoint import Endpoint
from evaluation.endpoints.pinning import PinnedTransport
from evaluation.endpoints.replies import Reply, read_reply
from evaluation.endpoints.requests import Enquiry, Request
from evaluation.endpoints.retrying import SHUT_OUT, is_tried_again, told_delay
from evaluation.version import ENGINE_VERSION

_ERROR_BYTES = 65_536
_DETAIL = 200


@dataclass(frozen=True, kw_only=True)
class Failure:
    """No reply: how the item ends if it is not tried again, and whether it is."""

    outcome: Outcome
    again: bool
    status: int | None = None
    told: float | None = None
    """After how many seconds the server wants to be asked again."""
    detail: str = ""
    shut_out: bool = False


class Line:
    """The connections to one endpoint. It follows no redirect, keeps no cookie and takes no proxy that it finds."""

    def __init__(
        self,
        endpoint: Endpoint,
        url: httpx.URL,
        address: str,
        *,
        connections: int,
        largest_body: int,
        trust: ssl.SSLContext | None,
    ) -> None:
        """Prepare for an endpoint at a checked address; bodies are read up to `largest_body` bytes."""
        self._endpoint = endpoint
        self._url = url.copy_with(path=url.path.rstrip("/") + "/")
        self._largest = largest_body
        self._client = httpx.AsyncClient(
            transport=PinnedTransport(url, address, trust=trust, connections=connections),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",  # a small body must not become a large one
                "Content-Type": "application/json",
                "User-Agent": f"evaluation/{ENGINE_VERSION}",
            },
        )

    async def __aenter__(self) -> Self:
        """Return the line itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def send(self, enquiry: Enquiry, request: Request, *, seconds: float, date: float) -> Reply | Failure:
        """Send an enquiry and read all that comes back within so many seconds; `date` is now, for Retry-After."""
        heard: list[int] = []
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(enquiry, request, seconds, date, heard)
        except (TimeoutError, httpx.TimeoutException):
            detail = f"no whole answer within {seconds:g} s"
            return Failure(outcome=Outcome.TIMED_OUT, again=True, status=_first(heard), detail=detail)
        except (httpx.HTTPError, httpx.StreamError) as error:
            detail = type(error).__name__
            return Failure(outcome=Outcome.UNREACHABLE, again=True, status=_first(heard), detail=detail)

    async def _exchange(
        self, enquiry: Enquiry, request: Request, seconds: float, date: float, heard: list[int]
    ) -> Reply | Failure:
        """Send an enquiry and read its reply; the status goes into `heard` as soon as there is one."""
        async with self._client.stream(
            "POST",
            self._url.join(enquiry.path),
            content=enquiry.body,
            headers={"Authorization": f"Bearer {self._endpoint.key}"},
            timeout=seconds,
        ) as response:
            status = response.status_code
            heard.append(status)
            if 300 <= status <= 399:
                return Failure(outcome=Outcome.REDIRECTED, again=False, status=status)
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                return Failure(outcome=Outcome.MALFORMED, again=False, status=status, detail="the body is compressed")
            if status != 200:
                return await self._refused(response, date)
            body = await _limited(response, self._largest)
        if body is None:
            detail = f"the body has more than {self._largest:,} bytes"
            return Failure(outcome=Outcome.TOO_LARGE, again=False, status=status, detail=detail)
        return read_reply(body, request)

    async def _refused(self, response: httpx.Response, date: float) -> Failure:
        """Say what a status other than 200 means for an item."""
        status = response.status_code
        if status == 429:
            outcome = Outcome.THROTTLED
        elif status >= 500:
            outcome = Outcome.FAILED
        else:
            outcome = Outcome.REJECTED if status >= 400 else Outcome.MALFORMED
        return Failure(
            outcome=outcome,
            again=is_tried_again(status),
            status=status,
            told=told_delay(response.headers.get("Retry-After"), date),
            detail=_said(await _limited(response, _ERROR_BYTES)),
            shut_out=status in SHUT_OUT,
        )


def _first(heard: list[int]) -> int | None:
    return heard[0] if heard else None


async def _limited(response: httpx.Response, largest: int) -> bytes | None:
    """Read a body as it comes over the line, `None` once it is larger than allowed."""
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > largest:
            return None
    return bytes(body)


def _said(body: bytes | None) -> str:
    """Take the server's own sentence from an error, where there is one in the usual place."""
    try:
        error = json.loads(body or b"")["error"]
        message = error if isinstance(error, str) else error["message"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return "".join(sign if sign.isprintable() else " " for sign in str(message))[:_DETAIL]
