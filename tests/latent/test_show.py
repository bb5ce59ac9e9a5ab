import pytest
from PIL import Image

from multigan.generator.generator import load
from multigan.latent.blend import Place
from multigan.latent.items import read_item
from multigan.latent.show import COMPOSITE, write_one, write_walk
from multigan.latent.walk import between
from multigan.provenance.labels import SOURCE_TYPE, read

FILES = {
    "points/ring": {"walk.png"},
    "image/digits": {"walk.png", "walk.gif"},
    "text/surnames": {"walk.txt", "walk.txt.json"},
    "audio/drums": {"walk.png", "walk.wav", "walk-000.wav", "walk-001.wav", "walk-002.wav"},
}


@pytest.mark.parametrize("recipe", FILES)
def test_every_modality_shows_a_walk_and_every_file_says_what_it_is(tiny_runs, tmp_path, recipe):
    generator = load(tiny_runs(recipe))
    fake = between(generator, [Place(5), Place(6)], 2)
    path = tmp_path / "new" / "walk"
    files = write_walk(generator, fake, path, columns=3, seed=5, facts={"verb": "interpolate 5,6"})
    assert {file.name for file in path.parent.iterdir()} == FILES[recipe]
    assert {file.name for file in files} <= FILES[recipe]
    for file in path.parent.iterdir():
        if file.suffix != ".json":
            label = read(file)
            assert label["digital_source_type"] == SOURCE_TYPE
            assert label["verb"] == "interpolate 5,6"
            assert label["seed"] == "5"
            assert label["weights_sha256"] == generator.config["weights_sha256"]


def test_the_moving_picture_goes_there_and_back(tiny_runs, tmp_path):
    generator = load(tiny_runs("image/digits"))
    write_walk(generator, between(generator, [Place(0), Place(1)], 3), tmp_path / "w", columns=4, seed=0, facts={})
    with Image.open(tmp_path / "w.gif") as gif:
        assert gif.n_frames == 6


def test_one_sample_is_written_in_its_own_size(tiny_runs, tmp_path):
    generator = load(tiny_runs("image/digits"))
    facts = {"digital_source_type": COMPOSITE}
    (path,) = write_one(generator, generator.tensors(1, 2), tmp_path / "new" / "one", seed=2, facts=facts)
    assert read(path)["digital_source_type"] == COMPOSITE
    with Image.open(path) as image:
        assert image.size == generator.spec.shape[:0:-1]


def test_a_gap_filled_in_a_sound_keeps_every_other_sample(tiny_runs, tmp_path):
    generator = load(tiny_runs("audio/drums"))
    (file,) = generator.save(tmp_path, 1, 3)
    (path,) = write_one(generator, read_item(generator, file)[None], tmp_path / "again", seed=3, facts={})
    scaled = read_item(generator, path)
    assert (scaled - read_item(generator, file)).abs().max() <= 1 / 32767 + 1e-6
