"""Whether a run's generator is any good: every score with its floor, baseline, counts and interval."""
