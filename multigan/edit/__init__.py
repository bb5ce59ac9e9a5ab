"""Editing real samples through a generator: find their z, move it, fill holes; and numbers on held-out items."""
