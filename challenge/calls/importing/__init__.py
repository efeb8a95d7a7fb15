"""Reads the bundles of other platforms into drafts of calls; nothing that a bundle holds is ever run."""
