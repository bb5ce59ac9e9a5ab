import io

from multigan.plugins.audio.heads import Mended, lacks_last_page, read_head


def test_claims_and_what_is_held(tmp_path, hostile):
    path = tmp_path / "a.wav"
    path.write_bytes(hostile.wav(rate=44_100, channels=2, size=320_000))
    head = read_head(path)
    assert (head.place, head.claimed, head.held, head.order, head.channels, head.rate) == (
        40,
        320_000,
        8000,
        "<",
        2,
        44_100,
    )
    path.write_bytes(hostile.wav(magic=b"RIFX"))
    assert read_head(path)[:4] == (40, 8000, 8000, ">")
    path.write_bytes(hostile.encoded("AIFF"))
    assert read_head(path).claimed == read_head(path).held
    path.write_bytes(hostile.halved(hostile.encoded("RF64")))
    assert read_head(path).claimed == 8000


def test_a_stream_leaves_its_length_open(tmp_path, hostile):
    for size in (0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0xFFFFFFFF - 36):
        (tmp_path / "a.wav").write_bytes(hostile.wav(size=size))
        assert read_head(tmp_path / "a.wav").claimed == 0
        assert not read_head(tmp_path / "a.wav").says_nothing


def test_chunks_before_and_after_the_samples_are_no_samples(tmp_path, hostile):
    data = hostile.wav(size=0, data=b"") + b"LIST\4\0\0\0abcd"
    (tmp_path / "a.wav").write_bytes(data)
    assert not read_head(tmp_path / "a.wav").says_nothing
    before = hostile.wav()
    (tmp_path / "b.wav").write_bytes(before[:36] + b"LIST\3\0\0\0abc\0" + before[36:])
    assert read_head(tmp_path / "b.wav")[:3] == (52, 8000, 8000)


def test_what_cannot_be_followed_has_no_head(tmp_path, hostile):
    for data in (b"", b"RIFF", b"fLaC" + b"\0" * 50, hostile.wav()[:38], b"RIFF\0\0\0\0WAVE" + b"\0" * 100_000):
        (tmp_path / "a.wav").write_bytes(data)
        assert read_head(tmp_path / "a.wav") is None


def test_only_the_size_is_mended(tmp_path, hostile):
    path = tmp_path / "a.wav"
    path.write_bytes(hostile.wav(size=0))
    whole = hostile.wav()
    expected = path.read_bytes()[:40] + whole[40:]
    head = read_head(path)
    mended = Mended(path, head.place, head.size)
    assert mended.read() == expected
    for start, count in ((0, 41), (41, 2), (43, 10), (44, 10), (10, 5)):
        mended.seek(start)
        assert mended.read(count) == expected[start : start + count]
        assert mended.tell() == start + count
    assert mended.seek(0, io.SEEK_END) == len(expected)
    mended.close()


def test_the_last_page_of_a_stream_is_marked(tmp_path, hostile):
    (tmp_path / "a.ogg").write_bytes(hostile.encoded("OGG"))
    assert not lacks_last_page(tmp_path / "a.ogg")
    (tmp_path / "a.ogg").write_bytes(hostile.encoded("OGG", wave=hostile.noise(40_000))[:-500])
    assert lacks_last_page(tmp_path / "a.ogg")
