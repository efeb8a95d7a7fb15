"""Sandbox: runs what nobody trusts, a model or a program, where it reaches no network, no secret and no other team.

    ended = run(["/usr/bin/python3", "-I", "/in/score.py"], read_only={"/in": folder}, limits=Limits(wall_seconds=600))

`layers()` says what this machine has to hold it with, and `why_not_untrusted()` why it cannot, where it cannot.
"""

from evaluation.sandbox.cgroups import Kind
from evaluation.sandbox.ended import Ended, Reason
from evaluation.sandbox.layers import Layers
from evaluation.sandbox.limits import Limits
from evaluation.sandbox.refusals import BadRequest, DidNotStart, LayerMissing, SandboxError
from evaluation.sandbox.running import OnFiles, OnOutput, run
from evaluation.sandbox.trial import layers, why_not_untrusted

__all__ = [
    "BadRequest",
    "DidNotStart",
    "Ended",
    "Kind",
    "LayerMissing",
    "Layers",
    "Limits",
    "OnFiles",
    "OnOutput",
    "Reason",
    "SandboxError",
    "layers",
    "run",
    "why_not_untrusted",
]
