import pytest

from multigan.core.sized import sized


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0.0 KiB"),
        (500, "0.5 KiB"),
        (2**20 - 1, "1,024.0 KiB"),
        (2**20, "1.0 MiB"),
        (3 * 2**29, "1.5 GiB"),
        (2**50, "1,048,576.0 GiB"),
    ],
)
def test_the_unit_fits_the_size(size, said):
    assert sized(size) == said
