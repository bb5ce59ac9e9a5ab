from multigan.run.examples import example_inputs


def test_inputs_are_every_third_of_the_newest_sheet(tmp_path):
    sheets = tmp_path / "samples"
    sheets.mkdir()
    (sheets / "samples-0000000000.txt").write_text("old\nx\ny\n")
    (sheets / "samples-0000000008.txt").write_text(
        "hello\nhi\nho\nhello\nhi\nho\nhow are you?\nwell\nfine\nmore\na\nb\n"
    )
    assert example_inputs(tmp_path) == ["hello", "how are you?"]


def test_of_texts_of_several_lines_those_of_one_are_examples(tmp_path):
    (tmp_path / "samples").mkdir()
    texts = ["one\ntwo", "a", "b", "three", "c", "d"]
    (tmp_path / "samples" / "samples-0000000008.txt").write_text("\n\n* * *\n\n".join(texts) + "\n")
    assert example_inputs(tmp_path) == ["three"]


def test_without_a_sheet_there_are_none(tmp_path):
    assert example_inputs(tmp_path) == []
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "samples-0000000008.txt").write_bytes(b"\xff\xfe")
    assert example_inputs(tmp_path) == []
