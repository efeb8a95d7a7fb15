"""Items drawn anew, for all entrants alike: how often who is ahead of whom, and who is among the best."""

from leaderboards.resampling.joint import resample
from leaderboards.resampling.outcome import Resampled, WinnerSet

__all__ = ["Resampled", "WinnerSet", "resample"]
