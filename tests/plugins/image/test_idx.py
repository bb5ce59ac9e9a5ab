import gzip
from random import Random

import numpy as np
import pytest

from multigan.core.errors import DataError
from multigan.doctor.inspect import inspect_data
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


def put(folder, name, array):
    (folder / name).write_bytes(encode(array))


def test_classes_are_the_labels_that_occur(tmp_path):
    put(tmp_path, "t-images-idx3-ubyte", IMAGES)
    put(tmp_path, "t-labels-idx1-ubyte", np.array([7, 3, 7]))
    data = modality.load(str(tmp_path))
    assert data.spec.classes == ("3", "7")
    assert data.labels.tolist() == [1, 0, 1]
    assert inspect_data(tmp_path).counts["classes"] == "2"


def claim(*shape):
    return bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)


CLAIMS = {
    "many": claim(2**32 - 1, 28, 28),
    "product past 64 bits": claim(2**32 - 1, 2**32 - 1, 2**32 - 1),
    "negative": claim(2**31, 1, 1),
    "nothing": claim(0, 28, 28),
    "no width": claim(3, 0, 28),
    "longer than it says": encode(IMAGES) + b"x",
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", CLAIMS)
def test_headers_that_lie_are_named(tmp_path, name, packed):
    file = tmp_path / ("t-images-idx3-ubyte" + ".gz" * packed)
    file.write_bytes(gzip.compress(CLAIMS[name]) if packed else CLAIMS[name])
    with pytest.raises(DataError, match="t-images-idx3-ubyte"):
        idx.read(tmp_path)
    assert inspect_data(tmp_path).exit_code == 2


def test_a_bomb_is_not_unpacked(tmp_path):
    packed = gzip.compress(claim(1 << 20, 28, 28) + bytes(10**7))
    (tmp_path / "t-images-idx3-ubyte.gz").write_bytes(packed)
    with pytest.raises(DataError, match="claims 822,083,584 bytes"):
        idx.read(tmp_path)


def test_what_is_there_twice_is_read_once_and_strangers_are_named(tmp_path):
    put(tmp_path, "t-images-idx3-ubyte", IMAGES)
    (tmp_path / "t-images-idx3-ubyte.gz").write_bytes(gzip.compress(encode(IMAGES)))
    put(tmp_path, "T-LABELS-IDX1-UBYTE", np.array([1, 2, 1]))
    put(tmp_path, "._t-images-idx3-ubyte", IMAGES)
    (tmp_path / "photo.png").touch()
    images, labels, report = idx.read(tmp_path)
    assert len(images) == 3
    assert labels.tolist() == [1, 2, 1]
    assert "t-images-idx3-ubyte.gz left out: t-images-idx3-ubyte is the same" in report
    assert "1 other file left out: photo.png" in report
    assert any("1 left out (hidden)" in line for line in modality.load(str(tmp_path)).report)


def test_the_missing_one_of_four_is_named(tmp_path):
    for name in ("train", "t10k"):
        put(tmp_path, f"{name}-images-idx3-ubyte", IMAGES)
    put(tmp_path, "train-labels-idx1-ubyte", np.array([0, 1, 0]))
    _, labels, report = idx.read(tmp_path)
    assert labels is None
    assert report[-1] == "without labels: there is no file of labels beside t10k-images-idx3-ubyte"


def test_pictures_of_two_sizes_are_refused(tmp_path):
    put(tmp_path, "a-images-idx3-ubyte", IMAGES)
    put(tmp_path, "b-images-idx3-ubyte", IMAGES[:, :4])
    with pytest.raises(DataError, match="one size"):
        idx.read(tmp_path)


def test_a_file_in_a_folder_of_its_name(tmp_path):
    (tmp_path / "train-images-idx3-ubyte").mkdir()
    put(tmp_path, "train-images-idx3-ubyte/train-images-idx3-ubyte", IMAGES)
    assert len(idx.read(tmp_path)[0]) == 3


@pytest.mark.parametrize("packed", [False, True])
def test_no_damage_to_a_file_gives_a_traceback(tmp_path, packed):
    random, whole = Random(0), encode(IMAGES)
    file = tmp_path / ("t-images-idx3-ubyte" + ".gz" * packed)
    for _ in range(300):
        raw = bytearray(gzip.compress(whole) if packed else whole)
        for _ in range(random.choice([1, 2, 8])):
            raw[random.randrange(min(len(raw), random.choice([16, 100])))] = random.randrange(256)
        file.write_bytes(raw[: random.choice([len(raw), len(raw), random.randrange(len(raw))])])
        try:
            images, _, _ = idx.read(tmp_path)
        except DataError:
            continue
        assert images.shape[0] * images.shape[1] * images.shape[2] == IMAGES.size
