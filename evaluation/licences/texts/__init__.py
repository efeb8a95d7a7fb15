"""Texts: which known licence a file holds, whether it was changed, and which words were added or are missing."""
