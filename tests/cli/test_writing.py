import shutil

import pytest

from multigan.cli.writing import place_for

SAME_TIME = {"SOURCE_DATE_EPOCH": "0"}


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("words", "other"),
    [
        (("generate", "RUN", "-n", 2, "--out", "OUT"), ("-n", 3)),
        (("generate", "RUN", "--sheet", "-n", 2, "--out", "OUT"), ("-n", 3)),
        (("vary", "RUN", "-n", 2, "--out", "OUT"), ("--amount", 0.5)),
        (("publish", "RUN", "--anyway", "--folder", "OUT"), ("--licence", "mit")),
        (("export", "RUN", "--to", "safetensors", "--out", "OUT/x.safetensors"), None),
        (("recipes", "cp", "points/ring", "OUT/x.toml"), None),
    ],
)
def test_a_command_twice_is_the_same_and_another_replaces_nothing_unasked(multigan, run, tmp_path, words, other):
    out = tmp_path / "out"
    words = [run if word == "RUN" else str(word).replace("OUT", str(out)) for word in words]
    for _ in range(2):
        done = multigan(*words, env=SAME_TIME)
        assert done.returncode == 0, done.stderr
    before = content(out)
    if other is None:
        (file,) = out.iterdir()
        file.write_bytes(b"mine")
        before = content(out)
    done = multigan(*words, *(other or ()), env=SAME_TIME)
    assert done.returncode == 2
    assert "exists already, with other content" in done.stderr
    assert "--overwrite" in done.stderr
    assert content(out) == before
    done = multigan(*words, *(other or ()), "--overwrite", env=SAME_TIME)
    assert done.returncode == 0, done.stderr
    assert content(out) != before


def test_outputs_go_into_the_run_and_not_where_one_stands(multigan, run, tmp_path):
    copy = shutil.copytree(run, tmp_path / "run")
    (tmp_path / "here").mkdir()
    done = multigan("generate", "../run/generator", "-n", 2, cwd=tmp_path / "here")
    assert done.returncode == 0, done.stderr
    assert "outputs/generate" in done.stdout
    assert list((copy / "outputs" / "generate").glob("*.csv"))
    assert list((tmp_path / "here").iterdir()) == []


def test_places(tmp_path):
    assert place_for(tmp_path, "x", "vary") == tmp_path
    assert place_for(None, str(tmp_path), "vary") == tmp_path / "outputs" / "vary"
    assert str(place_for(None, "someone/faces", "vary")) == "faces-outputs/vary"


def test_a_link_that_leads_to_itself_is_no_folder(multigan, run, tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    done = multigan("generate", run, "-n", 1, "--out", loop)
    assert done.returncode == 2
    assert "leads nowhere" in done.stderr
    assert "Traceback" not in done.stderr
