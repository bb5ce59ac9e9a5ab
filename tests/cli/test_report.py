from typer.testing import CliRunner

from multigan.cli.app import app
from multigan.training import train


def test_a_report_can_be_written_again(tmp_path):
    folder = tmp_path / "r"
    train("points/ring", run=folder, overrides=["train.samples=200", "train.report=false"], quiet=True)
    done = CliRunner().invoke(app, ["report", str(folder)])
    assert done.exit_code == 0
    assert (folder / "report.html").is_file()
    assert "MB" in done.output


def test_where_no_page_can_be_written_the_verdict_is_printed(tmp_path, no_room):
    folder = tmp_path / "r"
    train("points/ring", run=folder, overrides=["train.samples=200", "train.report=false"], quiet=True)
    with no_room(2000):
        done = CliRunner().invoke(app, ["report", str(folder)])
    assert done.exit_code != 0
    assert "verdict: " in done.output
    assert "this verdict is not kept in the run" in done.output
    assert not (folder / "report.html").exists()
