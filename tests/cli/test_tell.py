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


def test_cite_and_version(multigan):
    assert "@inproceedings{goodfellow2014" in multigan("cite", "points/ring").stdout
    assert multigan("--version").stdout.startswith("multigan ")
