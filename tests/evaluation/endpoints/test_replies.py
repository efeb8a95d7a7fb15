"""Whatever a server sends, reading it ends in an outcome and never in an error."""

import json
import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evaluation.endpoints import Choices, Generation, Outcome
from evaluation.endpoints.replies import read_reply

ITEMS = (Generation("g", "question"), Choices("c", "ask", (" a", " b")))
KEYS = [
    "choices", "message", "content", "text", "finish_reason", "logprobs", "token_logprobs", "text_offset", "index",
    "usage", "prompt_tokens", "completion_tokens", "model", "system_fingerprint",
]  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([10**400, -(10**400), 0, 1, 3, "0", "1", "\ud800", "length", "stop"])
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)
LOGPROBS = st.fixed_dictionaries(
    {"token_logprobs": st.lists(VALUES, max_size=4), "text_offset": st.lists(VALUES, max_size=4)}
)
CHOICE = st.fixed_dictionaries(
    {},
    optional={
        "message": VALUES,
        "text": VALUES,
        "index": VALUES,
        "logprobs": VALUES | LOGPROBS,
        "finish_reason": VALUES,
    },
)
BODIES = VALUES | st.fixed_dictionaries(
    {"choices": st.lists(CHOICE, max_size=3)}, optional={"usage": VALUES, "model": VALUES}
)


@given(BODIES)
def test_any_json_is_read_to_an_outcome(data: Any) -> None:
    for request in ITEMS:
        reply = read_reply(json.dumps(data).encode(), request)
        assert isinstance(reply.outcome, Outcome)
        assert all(math.isfinite(score) and score <= 0 for score in reply.scores)
        for text in (reply.text, reply.finish, reply.model, reply.fingerprint):
            assert text is None or text.encode() is not None
        if reply.usage is not None:
            assert all(0 <= count < 10**9 for count in reply.usage)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_to_an_outcome(body: bytes) -> None:
    for request in ITEMS:
        assert read_reply(body, request).outcome is Outcome.MALFORMED
