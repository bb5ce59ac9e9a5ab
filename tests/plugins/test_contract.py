"""Plugins that break the contract are told so in words, where their values enter."""

import pytest
import torch

import multigan
from multigan.build import build_data
from multigan.core.draw import Draw
from multigan.core.errors import MultiGANError, PluginError, ShapeError, UnsupportedError
from multigan.core.types import Data, Spec
from multigan.doctor.inspect import inspect_data
from multigan.generator.generator import Generator, make_config
from multigan.plugins import contract, modalities
from multigan.plugins.adapter import Adapter
from multigan.plugins.contract import checked_file, checked_files
from multigan.recipe.recipe import load_recipe


class Items:
    resident = True

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def take(self, indices, draw):
        return self.values[indices]


class Mine(Adapter):
    name = "mine"
    summary = "four numbers"
    embedded = ("demo",)
    suffixes = (".mine",)
    recipe_for_files = "points/ring"
    values = torch.linspace(0, 1, 400).view(100, 4)

    def load(self, source):
        return Data(Items(self.values), Spec("mine", (4,)), None, ("read",))


SETS = ["modality=mine", "data.source=demo", "G.width=8", "D.width=8", "train.samples=256", "train.batch=32"]


def train(tmp_path, **changes):
    with modalities.lend("mine", type("Mutant", (Mine,), changes)()):
        return multigan.train("points/ring", run=tmp_path / "run", overrides=SETS, quiet=True)


def test_a_minimal_adapter_trains_resumes_generates_and_is_examined(tmp_path):
    with modalities.lend("mine", Mine()):
        run = multigan.train("points/ring", run=tmp_path / "run", overrides=SETS, quiet=True)
        assert multigan.resume(run.folder, quiet=True).state.samples == run.state.samples
        assert len(run.generator.generate(3, seed=0)) == 3
        (tmp_path / "x.mine").write_text("x")
        assert inspect_data(tmp_path / "x.mine", "mine").modality == "mine"


FAULTS = {
    "raises": (
        {"load": lambda self, source: 1 / 0},
        PluginError,
        "modality 'mine' fails in load: ZeroDivisionError",
    ),
    "no data": ({"load": lambda self, source: [1, 2]}, PluginError, "load gives list"),
    "another spec": (
        {"load": lambda self, source: Data(Items(self.values), Spec("image", (4,)))},
        PluginError,
        "a spec of 'image'; expected 'mine'",
    ),
    "no shape": (
        {"load": lambda self, source: Data(Items(self.values), Spec("mine", (0,)))},
        PluginError,
        r"spec.shape = \(0,\)",
    ),
    "labels": (
        {"load": lambda self, source: Data(Items(self.values), Spec("mine", (4,), ("a",)), torch.ones(100).long())},
        PluginError,
        "labels 1 to 1; expected 0 to 0",
    ),
    "no JSON": (
        {"load": lambda self, source: Data(Items(self.values), Spec("mine", (4,), meta={"loud": torch.ones(2)}))},
        PluginError,
        r"load gives spec.meta\['loud'\] = a tensor \(2,\): TypeError: .*; expected JSON: finite numbers",
    ),
    "meta not finite": (
        {"load": lambda self, source: Data(Items(self.values), Spec("mine", (4,), meta={"loud": float("inf")}))},
        PluginError,
        r"load gives spec.meta\['loud'\] = float: ValueError: .*; expected JSON: finite numbers",
    ),
    "shape": ({"to_real": lambda self, raw, spec: raw[:, :3]}, ShapeError, r"to_real gives \(2, 3\) for 2 items"),
    "dtype": ({"to_real": lambda self, raw, spec: raw.half()}, ShapeError, "torch.float16; expected torch.float32"),
    "nan": (
        {"to_real": lambda self, raw, spec: torch.where(raw > 0.011, torch.nan, raw)},
        ShapeError,
        "not finite of item 1",
    ),
    "range": (
        {"to_real": lambda self, raw, spec: raw * 100, "real_range": (0.0, 1.0)},
        ShapeError,
        r"makes 0 to 0.7\d+ of item 0|of item 1; expected 0 to 1",
    ),
    "no tensor": ({"to_real": lambda self, raw, spec: raw.tolist()}, ShapeError, "to_real gives list"),
    "features": ({"features": lambda self, real, spec: real[:, 0]}, ShapeError, "features gives .*; expected floats"),
    "features nan": ({"features": lambda self, real, spec: real / 0}, ShapeError, "features makes numbers .* item 0"),
    "render": ({"render": lambda self, fake, spec: ["x"]}, ShapeError, "render gives 1 sample of 64 fakes"),
    "render type": ({"render": lambda self, fake, spec: "x" * 64}, ShapeError, "render gives str"),
    "train": ({"unsupported": {"train": "it only loads"}}, UnsupportedError, "'mine' has no train: it only loads"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_that_names_modality_method_and_item(fault, tmp_path):
    changes, kind, message = FAULTS[fault]
    with pytest.raises(kind, match=message):
        train(tmp_path, **changes)


def test_verbs_that_are_unsupported_say_why_and_what_works(tmp_path):
    mine = type("Mutant", (Mine,), {"unsupported": {"generate": "no decoder", "doctor": "no files"}})()
    with pytest.raises(UnsupportedError, match=r"no generate: no decoder; expected one of train, resume, evaluate"):
        contract.require(mine, "generate")
    contract.require(mine, "train")
    with modalities.lend("mine", mine):
        net = mine.generators["mlp"](Spec("mine", (4,)), width=8)
        generator = Generator(net, Spec("mine", (4,)), make_config("x", "x", "mlp", {}, {"seed": 0}))
        with pytest.raises(UnsupportedError, match="no decoder"):
            generator.generate(1)
        (tmp_path / "x.mine").write_text("x")
        with pytest.raises(UnsupportedError, match="no files"):
            inspect_data(tmp_path / "x.mine", "mine")


def test_only_the_first_result_of_features_is_checked():
    calls = []

    class Counting(Mine):
        def features(self, real, spec):
            calls.append(len(real))
            return real if len(calls) == 1 else real / 0

    features = contract.checked_features(Counting(), Spec("mine", (4,)))
    x = torch.ones(2, 4)
    assert torch.equal(features(x), x)
    assert torch.isinf(features(x)).all()


def test_the_built_ins_pass_the_seams():
    data = build_data(load_recipe("points/ring", ["data.n=50"]))
    assert data.items.take(torch.arange(2), Draw(0)).shape == (2, 2)
    assert issubclass(UnsupportedError, MultiGANError)


def test_every_verb_asks_before_it_works(tiny_runs, tmp_path, monkeypatch):
    """Each with the reason that the modality gives, before anything is drawn or written."""
    from multigan.demo.serve import serving
    from multigan.evaluation.run import evaluate
    from multigan.exporters.exporting import export
    from multigan.latent.blend import place_of
    from multigan.latent.directions import find_directions
    from multigan.latent.invert import invert
    from multigan.latent.walk import around, between
    from multigan.publish.folder import write_folder
    from multigan.report.write import write_report

    run = tiny_runs("points/ring")
    generator = multigan.load(run)
    places = [place_of("0"), place_of("1")]
    verbs = {
        "evaluate": [lambda: evaluate(run, samples=64)],
        "report": [lambda: write_report(run)],
        "export": [lambda: export(generator, "safetensors", tmp_path / "x")],
        "publish": [lambda: write_folder(generator, tmp_path / "folder")],
        "demo": [lambda: serving([generator]).__enter__()],
        "explore": [
            lambda: between(generator, places),
            lambda: around(generator, places[0]),
            lambda: find_directions(generator),
        ],
        "edit": [lambda: invert(generator, torch.zeros(1, 2))],
        "generate": [lambda: generator.generate(1)],
    }
    monkeypatch.setattr(generator.modality, "unsupported", dict.fromkeys(verbs, "a planted reason"))
    before = sorted(tmp_path.iterdir())
    for verb, calls in verbs.items():
        for call in calls:
            with pytest.raises(UnsupportedError, match=f"has no {verb}: a planted reason"):
                call()
    assert sorted(tmp_path.iterdir()) == before


def test_files_that_save_and_sheet_name_are_paths(tmp_path):
    points = modalities.get("points")
    assert checked_files(points, (tmp_path,)) == [tmp_path]
    assert checked_file(points, tmp_path) is tmp_path
    for given, said in ((None, "None"), ([], "list"), (["a.csv"], "a list of str")):
        with pytest.raises(PluginError, match=f"modality 'points': save gives {said}; expected the list of paths"):
            checked_files(points, given)
    with pytest.raises(PluginError, match="modality 'points': sheet gives None; expected the path"):
        checked_file(points, None)
