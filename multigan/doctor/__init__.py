"""One verb, two patients: data before a run, and the run."""
