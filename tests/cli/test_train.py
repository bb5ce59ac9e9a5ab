from PIL import Image


def test_resume_of_a_finished_run_is_fine(multigan, run):
    assert multigan("train", "--resume", run).returncode == 0


def test_a_folder_of_pictures_is_recognised_and_trained(multigan, tmp_path):
    (tmp_path / "photos").mkdir()
    for k in range(4):
        Image.new("RGB", (12, 12), (60 * k, 0, 90)).save(tmp_path / "photos" / f"{k}.png")
    sets = ["--set", "train.samples=32", "--set", "train.batch=8", "--set", "G.width=4", "--set", "D.width=4"]
    done = multigan("train", tmp_path / "photos", *sets, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "holds 4 image files: training image/folder on it" in done.stderr
    assert "only 4 pictures" in done.stderr
    assert (tmp_path / "runs" / "pictures-1" / "generator" / "config.json").is_file()


def test_a_recipe_of_ones_own_gives_the_run_its_name(multigan, tmp_path):
    assert multigan("recipes", "cp", "points/ring", "mine.toml", cwd=tmp_path).returncode == 0
    done = multigan("train", "mine.toml", "--set", "train.samples=200", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs" / "mine-1" / "generator").is_dir()


def test_the_last_lines_say_one_thing(tmp_path):
    """What to type to draw stands there once, and in the words of the verdict where that says so itself."""
    from multigan.cli.train import _drawing

    (tmp_path / "verdict.json").write_text('{"name": "healthy", "command": "multigan generate x"}')
    assert _drawing(tmp_path) == ""
    (tmp_path / "verdict.json").write_text('{"name": "collapsed", "command": "multigan train x"}')
    assert _drawing(tmp_path).startswith(f"see what it makes so far: multigan generate {tmp_path}")
    (tmp_path / "verdict.json").unlink()
    assert _drawing(tmp_path).startswith("draw from it: multigan generate")
