def test_a_file_without_a_label_is_not_signed(multigan, tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    done = multigan("sign", tmp_path / "a.png", "--chain", "c.pem", "--key", "k.pem")
    assert done.returncode == 2
    assert "carries no label" in done.stderr
