"""The engine's version, written into every report so that a score can be traced to the code that made it."""

ENGINE_VERSION = "0.1.0"
