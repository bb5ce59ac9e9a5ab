"""For authors of packages: what is installed, and how to begin."""
