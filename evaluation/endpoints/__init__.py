"""Endpoints: a model behind an OpenAI-compatible address is asked within a budget; an error is no wrong answer."""

from evaluation.endpoints.addresses import EndpointRefused, HostUnknown, is_public
from evaluation.endpoints.answers import Answer, Answers, Drift, End, Finding, Outcome
from evaluation.endpoints.asking import ask
from evaluation.endpoints.budget import Budget
from evaluation.endpoints.clock import Clock, SystemClock
from evaluation.endpoints.endpoint import Endpoint, Reach, Route
from evaluation.endpoints.requests import Choices, Generation, Request, enquiry_for
from evaluation.endpoints.retrying import Retries

__all__ = [
    "Answer",
    "Answers",
    "Budget",
    "Choices",
    "Clock",
    "Drift",
    "End",
    "Endpoint",
    "EndpointRefused",
    "Finding",
    "Generation",
    "HostUnknown",
    "Outcome",
    "Reach",
    "Request",
    "Retries",
    "Route",
    "SystemClock",
    "ask",
    "enquiry_for",
    "is_public",
]
