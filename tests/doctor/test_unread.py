from multigan.doctor.unread import unread_files


def test_a_line_for_each_file_that_cannot_be_read_and_none_for_what_is_not_there(tmp_path):
    assert unread_files(tmp_path) == []
    (tmp_path / "run.json").write_text('{"seconds": "long"}')
    (tmp_path / "budget.json").mkdir()
    one, other = unread_files(tmp_path)
    assert one.startswith(f"{tmp_path}/run.json is damaged: 'seconds")
    assert other.startswith(f"{tmp_path}/budget.json is damaged")
    assert all("this goes on without it" in line and "\n" not in line for line in (one, other))
