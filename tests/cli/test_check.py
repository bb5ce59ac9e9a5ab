from typer.testing import CliRunner

from multigan.cli.app import app


def test_a_built_in_keeps_the_contract_and_every_check_is_explained():
    done = CliRunner().invoke(app, ["check", "points", "--explain"])
    assert done.exit_code == 0, done.output
    assert "passed    points: round-trip" in done.output
    assert "catches: File -> tensor -> file" in done.output
    assert "4 skipped" in done.output


def test_what_breaks_the_contract_ends_with_1(monkeypatch):
    from multigan.plugins.points import PointsModality

    monkeypatch.setattr(PointsModality, "summary", "")
    done = CliRunner().invoke(app, ["check", "points"])
    assert done.exit_code == 1
    assert "failed    points: contract  summary is empty" in done.output


def test_what_does_not_exist_is_one_line(multigan, tmp_path):
    done = multigan("check", "pionts", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "did you mean 'points'" in done.stderr
