"""Scores that several modalities share."""
