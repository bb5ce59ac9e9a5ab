def test_a_package_is_written_and_checked_by_its_name(multigan, tmp_path):
    done = multigan("new", "loss", "my-loss", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "multigan-my-loss/pyproject.toml" in done.stdout
    again = multigan("new", "loss", "my-loss", cwd=tmp_path)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "exists already" in again.stderr
