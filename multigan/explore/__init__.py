"""Walking through what a generator can make: between seeds, around one, along directions."""
