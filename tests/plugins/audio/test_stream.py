"""Sound as it comes: however it is cut, the same bits come out."""

import numpy as np
import pytest
import torch
from torch import nn

from multigan.core.errors import DataError, UnsupportedError
from multigan.plugins.audio.mask_gru import MaskGRU
from multigan.plugins.audio.stream import Queue, Stream, causal_of


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    made = MaskGRU(64, 2000, 12, 2)
    with torch.no_grad():
        for value in made.parameters():
            value.add_(torch.randn_like(value), alpha=0.2)
    return made.eval()


def sound(n, channels=2):
    return (np.random.default_rng(0).standard_normal((n, channels)) * 0.1).astype(np.float32)


def passed(net, x, rate, sizes, block=1):
    stream, out, at = Stream(net, rate, x.shape[1], block), [], 0
    for size in sizes:
        out.append(stream.push(x[at : at + size]))
        at += size
    out += [stream.push(x[at:]), stream.flush()]
    return np.concatenate(out)


@pytest.mark.parametrize("block", [1, 5])
@pytest.mark.parametrize("rate", [2000, 3000, 1400])
def test_chunks_of_any_size_equal_the_whole_bit_for_bit(net, rate, block):
    x = sound(2345)
    whole = passed(net, x, rate, [], block)
    assert whole.shape == x.shape
    hops = [16] * 40 + [48] * 20
    for sizes in ([1] * 100, hops, np.random.default_rng(1).integers(1, 300, 9).tolist()):
        assert np.array_equal(passed(net, x, rate, sizes, block), whole)


def test_a_stream_gives_what_the_net_gives(net):
    x = sound(999)
    with torch.no_grad():
        wanted = net(torch.zeros(1, 0), source=torch.from_numpy(x.T.copy())[None])[0].T.numpy()
    for block in (1, 7):
        assert np.abs(passed(net, x, 2000, [100] * 5, block) - wanted).max() < 1e-5


def test_the_latency_that_is_stated_is_the_one_that_is_measured(net):
    for rate, block in ((2000, 1), (2000, 3)):
        stream, most, given = Stream(net, rate, 1, block), 0, 0
        for taken in range(1, 1500):
            given += len(stream.push(np.zeros(1, np.float32)))
            most = max(most, taken - given) if taken > 500 else 0
        # The sample that came last waits as well.
        assert (most + 1) * 1000 / rate == pytest.approx(stream.latency_ms)
    assert Stream(net, 2000).latency_ms == 32
    assert Stream(net, 3000).latency_ms > 32


def test_an_untrained_net_at_another_rate_gives_the_sound_back_in_its_place():
    time = np.arange(4000) / 8000
    x = (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    stream = Stream(MaskGRU(64, 2000, 4, 1).eval(), 8000)
    made = np.concatenate([stream.push(x), stream.flush()[:, 0]])
    assert np.abs(made - x)[500:-500].max() < 1e-3


def test_chunks_of_another_form_are_refused_in_words(net):
    stream = Stream(net, 2000, 2)
    for chunk in (np.zeros(9, np.float32), np.full((9, 2), np.nan, np.float32)):
        with pytest.raises(DataError, match="chunk"):
            stream.push(chunk)
    with pytest.raises(DataError, match="10 Hz"):
        Stream(net, 10)
    with pytest.raises(UnsupportedError, match="mask-gru"):
        causal_of(nn.Linear(1, 1))


@pytest.mark.parametrize("rate", [2000, 3000])
def test_a_stream_ends_once_and_takes_no_odd_numbers(net, rate):
    stream = Stream(net, rate)
    for odd in (np.full(2000, 1e30, np.float32), np.zeros(9, np.int16), np.zeros(9, np.complex64)):
        with pytest.raises(DataError, match="a chunk"):
            stream.push(odd)
    assert np.isfinite(stream.push(sound(2000, 1)[:, 0])).all()
    stream.flush()
    for call in (stream.flush, lambda: stream.push(sound(9, 1)[:, 0])):
        with pytest.raises(DataError, match="was flushed"):
            call()


def test_a_queue_gives_from_the_front():
    queue = Queue(1)
    for part in (np.arange(3), np.arange(3, 5)):
        queue.add(part[:, None].astype(np.float32))
    assert queue.take(4)[:, 0].tolist() == [0, 1, 2, 3]
    assert queue.take(4)[:, 0].tolist() == [4]
    assert queue.length == 0
