"""One page for trying generators of any modality in a browser, on this machine alone."""
