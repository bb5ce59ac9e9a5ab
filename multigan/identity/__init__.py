"""What data a run was trained on, so that nothing is said of other data in silence."""
