"""All that needs a z: walks, directions, a z for a file, holes filled."""
