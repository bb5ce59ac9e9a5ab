import gzip

import numpy as np
import pytest

from multigan.errors import DataError
from multigan.plugins.image import idx, modality


def encode(array):
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype(np.uint8).tobytes()


IMAGES = np.arange(3 * 5 * 4).reshape(3, 5, 4)


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_with_labels(tmp_path, packed):
    for name, array in (("t-images-idx3-ubyte", IMAGES), ("t-labels-idx1-ubyte", np.array([2, 0, 1]))):
        data = encode(array)
        (tmp_path / (name + ".gz" * packed)).write_bytes(gzip.compress(data) if packed else data)
    images, labels, _ = idx.read(tmp_path)
    assert np.array_equal(images[..., 0], IMAGES)
    assert labels.tolist() == [2, 0, 1]
    assert modality.load(str(tmp_path)).spec.shape == (1, 5, 4)


def test_without_labels_it_says_so(tmp_path):
    (tmp_path / "t-images-idx3-ubyte").write_bytes(encode(IMAGES))
    _, labels, report = idx.read(tmp_path / "t-images-idx3-ubyte")
    assert labels is None
    assert "without labels" in report[-1]


DAMAGES = {
    "short": encode(IMAGES)[:-1],
    "empty": b"",
    "labels": encode(np.array([1])),
    "text": b"hello world, this is no idx file",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files_are_named(tmp_path, damage):
    (tmp_path / "t-images-idx3-ubyte").write_bytes(DAMAGES[damage])
    with pytest.raises(DataError, match="t-images-idx3-ubyte"):
        idx.read(tmp_path)


def test_a_torn_gzip_and_a_wrong_count(tmp_path):
    (tmp_path / "t-images-idx3-ubyte.gz").write_bytes(gzip.compress(encode(IMAGES))[:-9])
    with pytest.raises(DataError, match="cannot be unpacked"):
        idx.read(tmp_path)
    (tmp_path / "t-images-idx3-ubyte.gz").write_bytes(gzip.compress(encode(IMAGES)))
    (tmp_path / "t-labels-idx1-ubyte.gz").write_bytes(gzip.compress(encode(np.array([1, 2]))))
    with pytest.raises(DataError, match="2 labels"):
        idx.read(tmp_path)


def test_real_mnist(real_data):
    images, labels, _ = idx.read(real_data / "image" / "mnist")
    assert images.shape == (10000, 28, 28, 1)
    assert labels is None or len(labels) == 10000
