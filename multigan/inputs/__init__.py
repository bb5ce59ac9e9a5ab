"""What a generator is given beside noise: pairs of files, and samples that are degraded on the way."""
