import numpy as np

from multigan.files import twins
from multigan.files.twins import identical, same, similar, spread


def test_groups():
    assert same(["a", "b", "a"]) == [[0, 2]]
    prints = np.random.default_rng(0).normal(0, 50, (1500, 32)).astype(np.float32)
    prints[1400] = prints[7] + 0.5
    assert similar(prints, 1.0) == [[7, 1400]]
    assert similar(prints, 0.1) == []
    assert (len(spread(50_000)), spread(3)) == (20_000, [0, 1, 2])


def test_files_of_equal_bytes_are_found_and_most_are_never_opened(tmp_path, monkeypatch):
    contents = [b"a" * 9000, b"b" * 9000, b"a" * 9000, b"a" * 8999 + b"z", b"c", b"dd", b"c", b""]
    files = [tmp_path / str(k) for k in range(len(contents))]
    for path, content in zip(files, contents, strict=True):
        path.write_bytes(content)
    whole, read = twins.digest, []
    monkeypatch.setattr(twins, "digest", lambda path: read.append(path.name) or whole(path))
    assert identical(files) == [[0, 2], [4, 6]]
    assert sorted(read) == ["0", "2", "3", "4", "6"]
    assert identical([*files, tmp_path / "gone", tmp_path / "gone"]) == [[0, 2], [4, 6]]
    assert identical([]) == []
