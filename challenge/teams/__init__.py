"""Who enters: organisations, their members, and whether they may."""
