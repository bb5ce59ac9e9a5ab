"""What a critic can still do for a generator that is done: learn it by heart, and let its better samples through."""
