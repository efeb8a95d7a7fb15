"""The exit statuses that a script or a person can act on."""

DONE, DIFFERENT, BAD_INPUT = 0, 1, 2
