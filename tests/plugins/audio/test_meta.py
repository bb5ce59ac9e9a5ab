import pytest
from pydantic import ValidationError

from multigan.core.types import Spec
from multigan.plugins.audio.meta import check_spec


@pytest.mark.parametrize("rate", [1_000, 16_000, 768_000])
def test_rates_of_the_loader_are_taken(rate):
    check_spec(Spec("audio", (1, 1024), (), {"sample_rate_hz": rate}))


@pytest.mark.parametrize("rate", [-1, 0, 3, 10**9, 16_000.5, True, None])
def test_a_rate_that_no_sound_has_is_refused(rate):
    with pytest.raises(ValidationError, match="sample_rate_hz"):
        check_spec(Spec("audio", (1, 1024), (), {"sample_rate_hz": rate}))


def test_a_mel_spectrum_that_cannot_be_made_is_refused():
    with pytest.raises(ValidationError, match="n_mels"):
        check_spec(Spec("audio", (40, 17), (), {"sample_rate_hz": 8000, "mel_samples": {"n_mels": -1}}))
