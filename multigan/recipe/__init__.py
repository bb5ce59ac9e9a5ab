"""TOML to checked values, without torch."""
