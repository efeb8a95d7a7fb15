"""What a sandbox refuses, as errors whose text is a sentence for the person who has to do something about it."""


class SandboxError(Exception):
    """Raised where a sandbox cannot do what it was asked; none of its kinds says anything about what ran in it."""


class LayerMissing(SandboxError):
    """Raised where this machine lacks a layer without which nothing untrusted may run; the text names the remedy."""


class BadRequest(SandboxError, ValueError):
    """Raised for a limit, a path, a command or an environment that no sandbox can be made from."""


class DidNotStart(SandboxError):
    """Raised where the sandbox was over before the command began; the text ends with what the system said."""
