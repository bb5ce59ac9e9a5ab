from multigan.report.compare import compare
from multigan.report.compare_page import write_comparison


def test_every_seed_is_a_dot_and_names_are_escaped(write_runs, tmp_path):
    folders = [*write_runs("0.01", [1.0, 2.0]), *write_runs("0.02", [{"value": 3.0, "title": "<script>"}])]
    html = write_comparison(compare(folders), tmp_path / "new" / "c.html").read_text()
    assert html.count('circle class="dot"') == 3
    assert "<script" not in html
    assert "optim.lr" in html
    assert "seeds are missing" in html


def test_one_group_has_no_keys(write_runs, tmp_path):
    html = write_comparison(compare(write_runs("0.01", [1.0, 2.0])), tmp_path / "c.html").read_text()
    assert "one group of seeds" in html
