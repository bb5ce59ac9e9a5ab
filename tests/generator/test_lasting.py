import pytest
import soundfile
import torch

from multigan.core.errors import DataError, RecipeError, UnsupportedError
from multigan.core.types import Spec
from multigan.generator.generator import Generator, make_config
from multigan.generator.lasting import options_of, save_lasting
from multigan.plugins.audio import endless, fourier
from multigan.provenance import labels as provenance

SPEC = Spec("audio", (1, 8192), (), {"sample_rate_hz": 8000})


def generator(build=endless.build_endless, **options):
    torch.manual_seed(0)
    net = build(SPEC, width=8, **options)
    return Generator(net, SPEC, make_config("t", "", "t", {}, {}))


def going_on():
    return generator(code=2, layers=1, rows_width=8)


def test_a_sound_has_the_seconds_that_are_asked_for(tmp_path):
    files = save_lasting(going_on(), tmp_path, 2, 3.5, seed=4)
    assert [file.name for file in files] == ["4-00000.wav", "4-00001.wav"]
    for file in files:
        info = soundfile.info(file)
        assert (info.frames, info.samplerate, info.subtype) == (28_000, 8000, "PCM_16")
        assert provenance.label_of_sound(file)
    one, two = (soundfile.read(file)[0] for file in files)
    assert not (one == two).all()


def test_the_same_seed_gives_the_same_bytes_and_a_longer_one_begins_alike(tmp_path):
    made = going_on()
    one, again = (save_lasting(made, tmp_path / name, 1, 3, bits=24)[0] for name in ("a", "b"))
    assert one.read_bytes() == again.read_bytes()
    longer = save_lasting(made, tmp_path / "c", 1, 5, bits=24)[0]
    assert (soundfile.read(longer)[0][:23_900] == soundfile.read(one)[0][:23_900]).all()


def test_a_tempo_is_an_option_of_the_net(tmp_path):
    """Out of bounds it is refused as options of recipes are; a net without beats says how to get them."""
    made = generator(code=2, layers=1, rows_width=8, pulse=True)
    torch.nn.init.normal_(made.net.flow.out.weight, 0, 0.3)
    torch.nn.init.normal_(made.net.decoder.head.out.weight, 0, 0.3)
    slow, fast = (save_lasting(made, tmp_path / f"{t}", 1, 2, tempo=t)[0].read_bytes() for t in (90, 150))
    assert slow != fast
    assert "tempo" in options_of(made.net.lasting)
    with pytest.raises(RecipeError, match="tempo"):
        save_lasting(made, tmp_path / "out", 1, 2, tempo=20)
    with pytest.raises(UnsupportedError, match=r"--set G\.pulse=true"):
        save_lasting(going_on(), tmp_path / "out", 1, 2, tempo=90)
    assert not (tmp_path / "out").exists()


def test_sounds_of_one_length_are_refused(tmp_path):
    with pytest.raises(UnsupportedError, match=r"1\.02 s.*audio/loops"):
        save_lasting(generator(fourier.build_generator, nz=4), tmp_path, 1, 60)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), 1e9])
def test_lengths_that_are_none_are_refused(tmp_path, seconds):
    with pytest.raises(DataError, match="type --seconds 60"):
        save_lasting(going_on(), tmp_path, 1, seconds)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e9])
def test_what_is_refused_leaves_no_folder_but_those_that_were_there(tmp_path, seconds):
    (tmp_path / "there").mkdir()
    for name in ("there", "there/new/newer", "other"):
        with pytest.raises(DataError, match="type --seconds 60"):
            save_lasting(going_on(), tmp_path / name, 1, seconds)
    assert list(tmp_path.rglob("*")) == [tmp_path / "there"]


def test_what_was_written_before_a_failure_stays(tmp_path, monkeypatch):
    made = going_on()
    save = made.modality.save_lasting

    def second_fails(pieces, seconds, path, *rest, **options):
        if path.name.endswith("1"):
            raise DataError("no")
        return save(pieces, seconds, path, *rest, **options)

    monkeypatch.setattr(made.modality, "save_lasting", second_fails, raising=False)
    with pytest.raises(DataError):
        save_lasting(made, tmp_path / "a", 2, 3)
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["0-00000.wav"]
