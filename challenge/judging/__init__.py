"""The panel: conflicts, reviews, consensus."""
