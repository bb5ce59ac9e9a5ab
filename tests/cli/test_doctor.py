import json

from PIL import Image


def test_faults_are_told_with_exit_codes_and_as_json(multigan, tmp_path):
    for k in range(10):
        Image.linear_gradient("L").rotate(36 * k).resize((16, 16)).save(tmp_path / f"{k}.png")
    assert multigan("doctor", tmp_path).returncode == 1
    (tmp_path / "bad.png").write_bytes(b"")
    done = multigan("doctor", tmp_path)
    assert done.returncode == 2
    assert "bad.png: empty file" in done.stdout
    report = json.loads(multigan("doctor", tmp_path, "--json").stdout)
    assert report["findings"][0]["name"] == "unreadable"
    assert multigan("doctor", tmp_path / "nowhere").returncode == 2
