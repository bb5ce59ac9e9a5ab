"""The words that all rooms share: types, errors, draws, registries, whole files."""
