import numpy as np
import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.generators import Encoding, Expecting
from multigan.core.types import Spec
from multigan.plugins.audio import fourier, spectra
from multigan.plugins.audio.mel_picture import MelPicture


def spec(channels=1, samples=2048, rate=8000, classes=()):
    return Spec("audio", (channels, samples), classes, {"sample_rate_hz": rate})


@pytest.mark.parametrize(("channels", "samples", "rate"), [(1, 2048, 8000), (2, 300, 8000), (1, 9001, 22_050)])
def test_any_rate_length_and_channels(channels, samples, rate):
    net = fourier.build_generator(spec(channels, samples, rate), nz=6, width=8, bands=16)
    assert isinstance(net, Encoding)
    x = 0.1 * torch.randn(3, channels, samples)
    mean, _ = net.encode(x)
    assert mean.shape == (3, 6)
    waves = net(mean)
    assert waves.shape == x.shape
    (waves - x).square().mean().backward()
    decoder = list(net.decoder.parameters())
    assert all(param.grad is not None and param.grad.isfinite().all() for param in decoder)


def test_labels_are_taken():
    net = fourier.build_generator(spec(classes=("a", "b")), nz=6, width=8, conditional=True)
    z = torch.randn(1, 6)
    assert not torch.equal(net(z, torch.tensor([0])), net(z, torch.tensor([1])))


@pytest.mark.parametrize("hiss", ["bins", "bands"])
def test_the_head_is_the_inverse_transform_of_what_it_says(hiss):
    """By numpy's irfft and overlap-add in float64, for one frame after the other."""
    picture = MelPicture(2048, 8000, bands=16, iterations=0)
    head = fourier.FourierHead(picture, 8, 1, 3, gate=True, hiss=hiss)
    torch.nn.init.normal_(head.out.weight, 0, 0.3)
    torch.nn.init.normal_(head.level.weight, 0, 0.5)
    hidden, code = torch.randn(1, 8, picture.frames), torch.randn(1, 3)
    said = head.out(head.norm(hidden.transpose(1, 2)))[0].detach().double().numpy()
    bins = len(picture.window) // 2 + 1
    loud, phase, faint = np.split(said, [bins, 2 * bins], 1)
    if hiss == "bands":
        faint = faint @ picture.wide.double().numpy()
    noise = head.noise_real.double().numpy() + 1j * head.noise_imaginary.double().numpy()
    noise = noise * np.exp(1j * (code @ head.turns)[0].double().numpy().reshape(noise.shape))
    spectra = np.exp(loud + 1j * phase) + np.exp(faint) * noise
    window = picture.window.double().numpy()
    size, hop = len(window), picture.hop
    wave, weight = (np.zeros(size + hop * (picture.frames - 1)) for _ in range(2))
    for k, frame in enumerate(spectra):
        wave[k * hop : k * hop + size] += np.fft.irfft(frame, size) * window
        weight[k * hop : k * hop + size] += window**2
    level = head.level(head.norm(hidden.transpose(1, 2)))[0, :, 0].detach().double().numpy()
    gate = np.exp(np.interp(np.arange(2048), hop * np.arange(len(level)), -np.log1p(np.exp(level))))
    wanted = (wave / weight.clip(0.01))[size // 2 :][:2048] * gate
    assert np.allclose(head(hidden, code)[0, 0].detach().numpy(), wanted, atol=1e-5)


def test_noise_is_no_weight_and_one_code_is_one_sound():
    net = fourier.build_generator(spec(), nz=6, width=8)
    assert not [name for name in net.state_dict() if "noise" in name or "picture" in name or "turns" in name]
    z = torch.randn(2, 6)
    assert torch.allclose(net(z)[:1], net(z[:1]), atol=1e-5)


def test_noise_of_two_codes_has_nothing_in_common():
    """Among 200 sounds of one head that says the same of all, samples correlate as noise does."""
    head = fourier.FourierHead(MelPicture(2048, 8000, bands=16, iterations=0), 8, 1, 6)
    hidden = torch.zeros(1, 8, head.picture.frames).repeat(200, 1, 1)
    waves = head(hidden, torch.randn(200, 6))[:, 0].detach()
    tones = waves.mean(0)  # what all of them share
    hiss = (waves - tones).flatten(1)
    alike = torch.corrcoef(hiss)[0, 1:].abs()
    assert alike.mean() < 0.1
    assert alike.max() < 0.6


@pytest.mark.parametrize("classes", [(), ("A3", "C4")])
def test_noise_of_bands_is_smooth_and_told_by_its_mean(classes):
    torch.manual_seed(0)
    options = {"conditional": True, "harmonics": 3} if classes else {}
    net = fourier.build_generator(spec(classes=classes), nz=6, width=8, gate=True, hiss="bands", **options)
    head, cond = net.decoder.net.head, torch.zeros(200, dtype=torch.long) if classes else None
    assert isinstance(net, Expecting)
    torch.nn.init.normal_(head.out.weight, 0, 0.3)
    code = torch.randn(1, 6).repeat(200, 1)
    sizes = head._parts(net.decoder.net.hidden(net.decoder.joined(code[:1], cond[:1] if classes else None)))[1]
    bends = sizes.log().diff(dim=-1).diff(dim=-1).abs() > 1e-4
    assert bends.sum(-1).max() <= 2 * head.picture.bands
    # Two hundred draws of one code's noise: phases are turned by codes, so the head is asked with others.
    tones, hiss = net.decode_expected(code[:1], cond[:1] if classes else None)
    hidden = net.decoder.net.hidden(net.decoder.joined(code, cond))
    extra = net.decoder.tones(hidden, cond) if classes else 0
    waves = head(hidden, torch.randn(200, 12 if classes else 6)) + extra
    drawn = spectra._powers(waves[:, 0].detach(), 256).mean(0)
    said = spectra._powers(tones[:, 0].detach(), 256)[0] + hiss.powers(256, 0, len(drawn))[0].detach()
    assert 10 * torch.log10(said.sum() / drawn.sum()).abs() < 0.5


def test_phases_that_stand_still_are_no_comb_with_carriers():
    """A head that says one loudness of all bins, and no hiss: power at multiples of the bins' distance, in dB."""
    found = {}
    for carriers in (False, True):
        head = fourier.FourierHead(MelPicture(8192, 8000, bands=16, iterations=0), 4, 1, 2, carriers=carriers)
        torch.nn.init.zeros_(head.out.weight)
        with torch.no_grad():
            head.out.bias[2 * head.bins :] = -30
        wave = head(torch.zeros(1, 4, head.picture.frames), torch.zeros(1, 2))[0, 0].detach()
        power = torch.fft.rfft(wave[1024:-1024] * torch.hann_window(6144)).abs().square()
        lines = [12 * k for k in range(8, 120)]  # the bins of a window of 512, in those of 6,144
        near = sum(power[line - 1 : line + 2].sum() for line in lines)
        found[carriers] = float(near / power[90:1435].sum())
    assert found[False] > 0.7
    assert found[True] < 0.45


def test_frames_may_be_shorter():
    net = fourier.build_generator(spec(), nz=6, width=8, hop_ms=4)
    assert net.decoder.net.head.picture.hop == 32
    assert net(torch.randn(2, 6)).shape == (2, 1, 2048)


def test_an_untrained_net_is_quiet():
    waves = fourier.build_generator(spec(), nz=6, width=8)(torch.randn(4, 6))
    assert waves.abs().max() < 0.3
    assert waves.std() > 1e-5


def test_pictures_are_no_waves():
    with pytest.raises(RecipeError, match="waves of shape"):
        fourier.build_generator(Spec("image", (1, 8, 8)))


def test_notes_have_the_pitch_of_their_class():
    net = fourier.build_generator(
        spec(classes=("A3", "A4"), samples=4096), nz=6, width=8, harmonics=4, conditional=True
    )
    torch.nn.init.constant_(net.decoder.tones.out.bias, -2.0)
    waves = net(torch.randn(1, 6).repeat(2, 1), torch.tensor([0, 1])).detach()[:, 0].numpy()
    loudest = np.abs(np.fft.rfft(waves * np.hanning(4096))).argmax(1) * 8000 / 4096
    assert abs(loudest[0] % 220) < 4 or abs(loudest[0] % 220 - 220) < 4
    assert loudest[1] % 440 < 4 or loudest[1] % 440 > 436
    mean, _ = net.encode(torch.from_numpy(waves)[:, None], torch.tensor([0, 1]))
    assert mean.shape == (2, 6)


def test_harmonics_need_classes_that_are_pitches():
    with pytest.raises(RecipeError, match=r"type --set game\.conditional=true"):
        fourier.build_generator(spec(classes=("A3", "A4")), harmonics=4)
    with pytest.raises(RecipeError, match="'kick'"):
        fourier.build_generator(spec(classes=("A3", "kick")), harmonics=4, conditional=True)
