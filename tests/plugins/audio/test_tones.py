"""The up-sampling tone meter on planted tones and on real up-sampling."""

import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.plugins.audio.tones import STRIDES, stride_tones_db

NOISE = Draw(0).normal("noise", (16, 1, 8192))
TIME = torch.arange(8192.0)


@pytest.mark.parametrize("stride", STRIDES)
def test_noise_has_no_tones(stride):
    assert abs(stride_tones_db(NOISE, stride)) < 2.5


def test_a_tone_of_a_stride_is_heard_at_that_stride_alone():
    whine = NOISE + 0.5 * torch.sin(2 * torch.pi * TIME / 16 + 0.3)
    assert stride_tones_db(whine, 16) > stride_tones_db(NOISE, 16) + 2
    for stride in (4, 64):
        assert stride_tones_db(whine, stride) == pytest.approx(stride_tones_db(NOISE, stride), abs=0.3)


def test_zero_filling_with_an_offset_whines_and_a_filter_mends_it():
    low = Draw(0).normal("low", (16, 1, 2048)) + 1.0
    stuffed = torch.zeros(16, 1, 8192)
    stuffed[..., ::4] = low
    smooth = F.avg_pool1d(F.pad(stuffed, (2, 1), mode="circular"), 4, 1)
    assert stride_tones_db(stuffed, 4) > 10
    assert stride_tones_db(smooth, 4) < stride_tones_db(stuffed, 4) - 10


def test_louder_is_louder():
    found = [stride_tones_db(NOISE + a * torch.cos(TIME * torch.pi / 2), 4) for a in (0.0, 0.1, 0.3, 1.0)]
    assert found == sorted(found)


def test_short_sounds_have_none():
    assert stride_tones_db(NOISE[..., :1024], 64) is None
