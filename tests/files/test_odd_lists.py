import pytest

from multigan.files.odd_lists import no_list

SUFFIXES = (".png", ".jpg")
ROW = "a/1.png,b/1.jpg\n"
GOOD = '{"input": "a/1.png", "target": "b/1.jpg"}\n'


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.csv", f"img_in,img_out\n{ROW}", "did you mean to rename img_in to input and img_out to target?"),
        ("x.csv", f"src,dst,id\n{ROW[:-1]},7\n", "lists paths as src, dst (and id)"),
        ("x.csv", f"first,second\n{ROW}", "name one of them input and one target"),
        ("x.csv", f"input_a,input_b\n{ROW}", "name one of them input and one target"),
        ("x.csv", ROW * 2, "x.csv:1: paths where the header should be"),
        ("x.csv", "input;target\na/1.png;b/1.jpg\n", "columns with semicolons between them; expected commas"),
        ("x.tsv", f"input,target\n{ROW}", "columns with commas between them; expected tabs"),
        ("x.csv", "", "x.csv is empty"),
        ("x.csv", "input,target\n", "has a header and no row"),
        ("x.jsonl", GOOD + '{"input": "a\n' + GOOD, "x.jsonl:2: no JSON object"),
        ("x.jsonl", GOOD + "\n[1]\n" + GOOD, "x.jsonl:3: no JSON object"),
        ("x.jsonl", '{"from": "a/1.png", "to": "b/1.jpg"}\n', "rename from to input and to to target"),
    ],
)
def test_what_was_meant_for_a_list_of_pairs_is_told_what_it_lacks(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    error = no_list(tmp_path / name, SUFFIXES)
    assert said in str(error)
    assert "inputs" in error.expected or error.expected or error.fix


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", f"input,target\n{ROW}"),
        ("x.csv", "file,mask,caption\na/1.png,b/1.png,two cats on a mat\n"),
        ("x.csv", "name,text\na.png,hello\n"),
        ("x.csv", "text\nhow are you\n"),
        ("x.csv", "text;more\nhow;are\n"),
        ("x.csv", 'a,b\n"not closed\n'),
        ("x.jsonl", "no json\n"),
        ("x.jsonl", '{"text": "a"}\nno json\n'),
        ("x.jsonl", "[" * 100_000 + "\n"),
        ("x.csv", "\xe9"),
        ("x.txt", f"in,out\n{ROW}"),
    ],
)
def test_lists_of_pairs_and_texts_are_let_through(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="latin-1")
    assert no_list(tmp_path / name, SUFFIXES) is None
    assert no_list(tmp_path / "none.csv", SUFFIXES) is None
