import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError, UnknownNameError
from multigan.core.types import Data, Spec
from multigan.features import eye, make_extractor
from multigan.metrics.kernel_distance import Distance, mean_distance, mmd
from multigan.plugins import modalities
from multigan.testing import check_extractor

IMAGE = modalities.get("image")


@pytest.fixture(scope="module")
def digits():
    return IMAGE.load("digits")


@pytest.fixture(scope="module")
def made(digits):
    return build(digits)


def build(data, modality=IMAGE, name="eye", **options):
    return make_extractor(name, data.spec, modality, data=data, **options)


def real(data, start, stop):
    return IMAGE.to_real(data.items.take(torch.arange(start, stop), None), data.spec)


def test_it_is_an_extractor(made, digits):
    check_extractor(made, real(digits, 0, 8))
    assert made.name == "eye"
    assert made.note == "eye: fitted to 1,797 items, without labels"


def test_over_real_items_numbers_have_mean_zero_and_no_correlation(made, digits):
    found = made(real(digits, 0, 1797)).double()
    assert found.mean(0).abs().max() < 1e-3
    spread = torch.cov(found.T)
    assert (spread - spread.diag().diag()).abs().max() < 1e-3
    assert (spread.diag() <= 1 + 1e-6).all()
    assert spread.diag().mean() > 0.7


def test_it_is_the_same_again_of_another_seed_another_and_kept(made, digits, tmp_path, monkeypatch):
    kept = build(digits, cache=tmp_path)
    assert kept.sha256 == made.sha256
    assert build(digits, seed=1).sha256 != made.sha256
    monkeypatch.setattr(eye.Retina, "fit", lambda *_: pytest.fail("fitted again"))
    assert build(digits, cache=tmp_path).sha256 == made.sha256


def test_a_damaged_file_is_fitted_again(made, digits, tmp_path):
    build(digits, cache=tmp_path)
    (file,) = (tmp_path / "eyes").iterdir()
    file.write_bytes(b"torn")
    assert build(digits, cache=tmp_path).sha256 == made.sha256


def test_items_that_are_held_out_change_nothing(made, digits):
    assert build(digits, items=torch.arange(500)).sha256 == made.sha256


def lines(n=240):
    """Smooth pictures with one dark line each, at random places."""
    draw = torch.Generator().manual_seed(0)
    items = torch.full((n, 1, 24, 24), 200, dtype=torch.uint8)
    for item, at in zip(items, torch.randint(4, 20, (n,), generator=draw), strict=True):
        item[:, at : at + 2] = 20
    return items


@pytest.mark.parametrize("fault", ["broken", "checkerboard", "blur"])
def test_faults_that_the_shrunk_picture_hides_are_seen(fault):
    items = lines()
    data = Data(Items(items), Spec("image", (1, 24, 24)))
    x, other = real(data, 0, 120), real(data, 120, 240)
    found = build(data)
    spoilt = other.clone()
    if fault == "broken":
        spoilt[..., 11:13] = spoilt.amax()
    elif fault == "checkerboard":
        spoilt += 0.1 * ((torch.arange(24)[:, None] + torch.arange(24)) % 2 * 2 - 1)
    else:
        spoilt = torch.nn.functional.avg_pool2d(spoilt, 3, 1, 1, count_include_pad=False)
    reference, scale = found(x).double(), Distance(mean_distance(found(x).double()))
    floor, value = (mmd(found(y).double(), reference, scale) for y in (other, spoilt))
    assert value > 0.1 > 10 * abs(floor) or value > 20 * abs(floor)


class Items:
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def take(self, indices, draw):
        return self.items[indices]


def test_whitening_against_an_oracle(digits):
    """float64 and `torch.cov` on the same counts."""
    net = eye.Retina(1, 16)
    x = real(digits, 0, 300)
    net.fit(x, 0)
    raw = net.raw(x).double()
    rows = (raw - raw.mean(0)) / raw.std(0, correction=0).clamp_min(1e-6)
    covariance = torch.cov(rows.T, correction=0)
    values, _ = torch.linalg.eigh(covariance)
    wanted = values[-16:] / (values[-16:] + 0.1 * values.mean())
    torch.testing.assert_close(net(x).double().var(0, correction=0), wanted, rtol=1e-3, atol=1e-4)


def test_numbers_are_logarithms_of_counts_beside_a_tenth_of_their_mean(digits):
    net = eye.Retina(1, 16)
    x = real(digits, 0, 300)
    net.fit(x, 0)
    counts = net.patches.seen((x - net.mean) / net.deviation).double()
    wanted = (counts + 0.1 * counts.mean(0) + 1e-6).log()
    torch.testing.assert_close(net.raw(x).double(), wanted, rtol=1e-4, atol=1e-4)


def test_wrong_names_and_data_without_pictures(digits):
    with pytest.raises(UnknownNameError, match="'eye:3' is no feature extractor"):
        build(digits, name="eye:3")
    points = modalities.get("points")
    with pytest.raises(DataError, match="the extractor 'eye' on points"):
        build(points.load("ring", n=100), points)
    with pytest.raises(DataError, match="64 or more"):
        build(Data(Items(lines(20)), Spec("image", (1, 24, 24))))
    with pytest.raises(DataError, match="no data"):
        make_extractor("eye", digits.spec, IMAGE)


def test_sounds_are_looked_at_as_pictures():
    audio = modalities.get("audio")
    data = audio.load("drums", samples=2048)
    found = build(data, audio)
    check_extractor(found, audio.to_real(data.items.take(torch.arange(6), Draw(0)), data.spec))


def test_items_that_are_all_one_picture_give_finite_numbers(digits):
    one = digits.items.take(torch.zeros(80, dtype=torch.long), None)

    class Same:
        def __len__(self):
            return 80

        def take(self, items, draw):
            return one[: len(items)]

    made = build(Data(Same(), digits.spec))
    assert made(real(digits, 0, 8)).isfinite().all()
    assert made(real(digits, 0, 1)).abs().max() < 1e-3
    assert made(real(digits, 1, 2)).abs().max() > 1e-3
