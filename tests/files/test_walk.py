import os
import subprocess

import pytest

from multigan.files.walk import class_name, is_generator, is_run, left_out_findings, making, report_left_out, walk


def put(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")


def seen(root):
    return [str(file.relative_to(root)) for file in walk(root).files]


def reasons(root):
    return {str(left.path.relative_to(root)): left.why for left in walk(root).left_out}


def test_what_systems_and_archivers_leave_behind_is_left_out_and_said(tmp_path):
    put(tmp_path, "a/1.png", "a/._1.png", "a/.ipynb_checkpoints/1-checkpoint.png", "__MACOSX/a/1.png", "a/@eaDir/1.png")
    put(tmp_path, "Thumbs.db", "a/desktop.ini", ".git/x.png")
    assert seen(tmp_path) == ["a/1.png"]
    assert set(reasons(tmp_path)) == {
        *("a/._1.png", "a/.ipynb_checkpoints", "__MACOSX", "a/@eaDir", "Thumbs.db", "a/desktop.ini", ".git"),
    }
    assert report_left_out(walk(tmp_path)) == (
        "3 left out (hidden): .git, a/._1.png, a/.ipynb_checkpoints",
        "4 left out (kept by the system, not by you): Thumbs.db, __MACOSX, a/@eaDir, a/desktop.ini",
    )
    assert [found.name for found in left_out_findings(walk(tmp_path))] == ["left-out", "left-out"]


def test_a_hidden_folder_that_is_given_is_looked_into(tmp_path):
    put(tmp_path, ".cache/1.png")
    assert seen(tmp_path / ".cache") == ["1.png"]


@pytest.mark.parametrize(
    "names",
    [
        ["recipe.toml", "samples/samples-0000000064.png"],
        ["recipe.toml", "samples/samples-0000000064.png", "metrics.jsonl"],
        ["recipe.toml", "run.json", "more.png"],
        ["recipe.toml", "checkpoints/step-000000008/state.json", "samples/x.png"],
    ],
)
def test_runs_are_left_out_wherever_they_are(tmp_path, names):
    put(tmp_path, "cat/1.png", *(f"deep/er/{name}" for name in names))
    assert seen(tmp_path) == ["cat/1.png"]
    assert reasons(tmp_path) == {"deep/er": "a run's folder"}
    assert walk(tmp_path / "deep" / "er").files == ()


def test_a_recipe_beside_the_data_makes_no_run_of_it(tmp_path):
    put(tmp_path, "recipe.toml", "samples/1.png", "samples/2.png", "run/3.png")
    assert len(walk(tmp_path).files) == 4
    assert not is_run(tmp_path)


def test_a_real_run_and_its_generator_are_known(tiny_runs, tmp_path):
    run = tiny_runs("points/ring")
    assert is_run(run)
    assert is_generator(run / "generator")
    put(tmp_path, "1.png")
    (tmp_path / "mine").symlink_to(run / "generator")
    assert reasons(tmp_path) == {"mine": "a generator's folder"}


def test_somebody_elses_config_is_no_generator(tmp_path):
    for text in (b"[]", b"{", b"\xff", b"[" * 100_000, b'{"library_name": "diffusers"}'):
        (tmp_path / "config.json").write_bytes(text)
        (tmp_path / "generator.safetensors").touch()
        assert not is_generator(tmp_path)


def test_links_to_folders_are_followed_and_nothing_is_read_twice(tmp_path):
    put(tmp_path, "store/1.png", "set/a/2.png")
    root = tmp_path / "set"
    (root / "b").symlink_to("../store")
    (root / "c").symlink_to("../store")
    (root / "latest").symlink_to("a")
    assert seen(root) == ["a/2.png", "b/1.png"]
    assert reasons(root) == dict.fromkeys(("c", "latest"), "a folder that is read already, under another name")
    assert report_left_out(walk(root))[0] == "1 link to folders followed: b"


def test_circles_of_links_end(tmp_path):
    put(tmp_path, "set/a/1.png", "x/2.png", "y/3.png")
    root = tmp_path / "set"
    (root / "a" / "up").symlink_to("..")
    (root / "out").symlink_to("../..")
    (root / "x").symlink_to("../x")
    (tmp_path / "x" / "y").symlink_to("../y")
    (tmp_path / "y" / "x").symlink_to("../x")
    (root / "self").symlink_to("self")
    assert seen(root) == ["a/1.png", "x/2.png", "x/y/3.png"]
    assert reasons(root) == {
        "a/up": "link in a circle",
        "out": "link in a circle",
        "x/y/x": "link in a circle",
        "self": "link to nothing",
    }


def test_a_web_of_links_is_not_walked_in_every_order(tmp_path):
    names = [f"{k:02d}" for k in range(12)]
    for name in names:
        put(tmp_path, f"web/{name}/1.png")
        for other in names:
            (tmp_path / "web" / name / f"to-{other}").symlink_to(f"../{other}")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "in").symlink_to(f"../web/{names[0]}")
    assert len(seen(tmp_path / "set")) == len(names)


def test_pipes_devices_and_links_to_them_are_no_data(tmp_path):
    put(tmp_path, "1.png")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    (tmp_path / "linked.png").symlink_to("pipe.png")
    assert seen(tmp_path) == ["1.png"]
    assert reasons(tmp_path) == dict.fromkeys(("pipe.png", "zero.png", "linked.png"), "no regular file")
    assert walk(tmp_path / "pipe.png") == (tmp_path / "pipe.png", (), ((tmp_path / "pipe.png", "no regular file"),), ())


def test_a_folder_that_cannot_be_opened_is_named(tmp_path):
    (tmp_path / "1.png").touch()
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):  # longer in all than a path may be
        os.mkdir("d" * 250, dir_fd=here)
        deeper = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    try:
        (left,) = walk(tmp_path).left_out
        assert left.why.startswith("cannot be opened (")
        assert [found.name for found in left_out_findings(walk(tmp_path))] == ["closed-folder"]
        assert seen(tmp_path) == ["1.png"]
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / ("d" * 250))], check=True)


def test_names_sort_by_normal_form_and_may_be_no_text(tmp_path):
    put(tmp_path, "cafe\u0301.png", "caf\xe9s.png", "cafz.png")
    (tmp_path / os.fsdecode(b"caf\xe9.png")).touch()
    assert [os.fsencode(file.name) for file in walk(tmp_path).files] == [
        *(b"cafz.png", "cafe\u0301.png".encode(), "caf\xe9s.png".encode(), b"caf\xe9.png"),
    ]
    assert class_name(os.fsdecode(b"caf\xe9")) == "caf\\xe9"
    assert class_name("cafe\u0301") == class_name("caf\xe9") == "caf\xe9"


def test_nothing_there(tmp_path):
    assert walk(tmp_path / "none") == (tmp_path / "none", (), (), ())
    assert walk(tmp_path).files == ()


def test_of_the_run_that_is_being_made_nothing_is_said(tmp_path):
    put(tmp_path, "a/1.png", "runs/old-1/recipe.toml", "runs/old-1/run.json", "runs/new-1/recipe.toml")
    (tmp_path / "runs" / "new-1" / "samples").mkdir()
    (tmp_path / "other").symlink_to(tmp_path)
    said = "left out (a run's folder): runs/new-1, runs/old-1"
    assert any(said in line for line in report_left_out(walk(tmp_path)))
    with making(tmp_path / "other" / "runs" / "new-1"):
        found = walk(tmp_path)
        assert seen(tmp_path) == ["a/1.png"]
        assert not any("new-1" in line for line in report_left_out(found))
        assert not any("new-1" in name for one in left_out_findings(found) for name in one.evidence)
        assert any("1 left out (a run's folder): runs/old-1" in line for line in report_left_out(found))
    assert any(said in line for line in report_left_out(walk(tmp_path)))
