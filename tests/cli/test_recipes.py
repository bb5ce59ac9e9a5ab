def test_recipes_are_listed_shown_copied_and_checked(multigan, tmp_path):
    listed = multigan("recipes", "ls").stdout
    assert "image/digits" in listed
    assert "audio/drums" in listed
    shown = multigan("recipes", "show", "points/ring", "--set", "train.batch=7").stdout
    assert "batch = 7" in shown
    assert multigan("recipes", "cp", "points/ring", tmp_path / "x" / "mine.toml").returncode == 0
    assert multigan("recipes", "validate", tmp_path / "x" / "mine.toml").returncode == 0
