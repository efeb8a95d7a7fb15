"""Walks the rooms in order and does whatever is waiting."""
