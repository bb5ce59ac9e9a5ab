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
