def test_recipes_are_listed_shown_copied_and_checked(multigan, tmp_path):
    listed = multigan("recipes", "ls").stdout
    assert "image/digits" in listed
    assert "audio/drums" in listed
    shown = multigan("recipes", "show", "points/ring", "--set", "train.batch=7").stdout
    assert "batch = 7" in shown
    assert multigan("recipes", "cp", "points/ring", tmp_path / "x" / "mine.toml").returncode == 0
    assert multigan("recipes", "validate", tmp_path / "x" / "mine.toml").returncode == 0


def test_a_copy_is_one_that_train_takes_and_the_advice_can_be_pasted(multigan, tmp_path):
    refused = multigan("recipes", "cp", "points/ring", tmp_path / "mine")
    assert refused.returncode == 2
    assert refused.stderr.endswith(f"type multigan recipes cp points/ring {tmp_path}/mine.toml.\n")
    into = multigan("recipes", "cp", "points/ring", tmp_path)
    assert into.stderr.endswith(f"{tmp_path}/ring.toml.\n")
    assert list(tmp_path.iterdir()) == []
    done = multigan("recipes", "cp", "points/ring", tmp_path / "a b.toml")
    assert done.stdout.endswith(f"multigan train '{tmp_path}/a b.toml'\n")
