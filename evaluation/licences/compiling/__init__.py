"""Compiling: packages of licence texts become the one index file; done by hand, never on a server."""
