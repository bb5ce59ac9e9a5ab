import json
import os


def test_a_broken_plugin_is_named_and_never_fatal(multigan, tmp_path):
    (tmp_path / "bad_plugin.py").write_text("raise RuntimeError('boom')")
    env = {
        "MULTIGAN_PLUGINS": "multigan.modalities:broken=bad_plugin:modality",
        "PYTHONPATH": f"{tmp_path}:{os.getcwd()}",
    }
    done = multigan("modalities", env=env)
    assert done.returncode == 0
    assert "broken  broken  bad_plugin:modality: RuntimeError: boom" in done.stdout
    assert "image   ok" in done.stdout
    assert multigan("recipes", "ls", env=env).returncode == 0


def test_a_recipe_of_a_package_that_does_not_load_says_why(multigan, tmp_path):
    (tmp_path / "bad_plugin.py").write_text("raise RuntimeError('boom')")
    env = {
        "MULTIGAN_PLUGINS": "multigan.modalities:mine=bad_plugin:modality,multigan.recipes:mine=bad_plugin:recipes",
        "PYTHONPATH": f"{tmp_path}:{os.getcwd()}",
    }
    for verb in (["train"], ["recipes", "show"]):
        done = multigan(*verb, "mine/smiles", env=env)
        assert done.returncode == 2
        assert "'mine' (bad_plugin:recipes) does not load: RuntimeError: boom" in done.stderr
    assert multigan("modalities", env=env).stdout.count("boom") == 1


def test_cite_and_version(multigan):
    assert "@inproceedings{goodfellow2014" in multigan("cite", "points/ring").stdout
    assert multigan("--version").stdout.startswith("multigan ")


def test_provenance_of_several_files_is_a_line_for_each(multigan, tmp_path):
    label = {"digital_source_type": "x", "seed": "0"}
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps({"label": label}))
    done = multigan("provenance", "a.json", "b.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"file": "a.json", **label},
        {"file": "b.json", **label},
    ]
    (tmp_path / "none.json").write_text("{}")
    done = multigan("provenance", "none.json", "b.json", cwd=tmp_path)
    assert done.returncode == 2
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert "carries no label" in first["error"]
    assert second["seed"] == "0"
