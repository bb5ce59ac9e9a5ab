"""What a person keeps of a run: the generator, its folder, its samples."""
