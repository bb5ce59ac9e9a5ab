from multigan.plugins.text.remarks import Remarks, report_lines


def test_remarks_are_counted_and_the_first_are_named(tmp_path):
    remarks = Remarks(tmp_path)
    for number in range(1, 8):
        remarks.add("lists", tmp_path / "sub" / "a.jsonl", number)
    remarks.add("empty-lines", tmp_path / "a\nb.txt", note="3", count=3)
    empty, lists = remarks.findings()
    assert (empty.what, empty.count) == ("3 empty lines, left out", 3)
    assert empty.evidence == ("a\\nb.txt: 3",)
    assert lists.evidence == (*(f"sub/a.jsonl:{n}" for n in range(1, 6)), "and 2 more")
    assert report_lines([empty]) == ["3 empty lines, left out: a\\nb.txt: 3"]


def test_one_is_said_in_the_singular_and_own_fixes_go_first(tmp_path):
    remarks = Remarks(tmp_path / "a.csv")
    remarks.add("unreadable", tmp_path / "a.csv", note="is broken", fix="mend it")
    (found,) = remarks.findings()
    assert (found.what, found.evidence, found.fix) == (
        "1 file cannot be read, left out",
        ("a.csv: is broken",),
        "mend it",
    )


def test_remarks_of_a_file_are_taken_over(tmp_path):
    all_files, one = Remarks(tmp_path), Remarks(tmp_path)
    all_files.add("lists", tmp_path / "a", 1)
    for number in range(6):
        one.add("lists", tmp_path / "b", number + 1)
    all_files.merge(one)
    assert all_files.count("lists") == 7
    assert all_files.findings()[0].evidence[-1] == "and 2 more"
