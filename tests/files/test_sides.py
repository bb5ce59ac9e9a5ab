from multigan.files.sides import are_sets, sets_of, sides_of, stem_of, unmatched

SUFFIXES = (".png", ".jpg")


def fill(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_two_folders_with_equal_names_of_any_ending(tmp_path):
    fill(tmp_path, "A/1.png", "A/sub/2.png", "B/1.jpg", "B/sub/2.PNG", "B/3.jpg", "B/notes.txt")
    sides = sides_of(tmp_path, SUFFIXES)
    assert (sides.source, sides.target, sides.pairs) == (tmp_path / "A", tmp_path / "B", 2)
    assert sides.told() == "A/ as inputs and B/ as targets, 2 pairs by name"
    assert sides_of(tmp_path, SUFFIXES, swap=True).source == tmp_path / "B"
    (found,) = unmatched(sides)
    assert (found.name, found.evidence) == ("target-alone", ("3",))


def test_synonyms_in_any_case(tmp_path):
    fill(tmp_path, "Noisy/1.png", "clean/1.png")
    assert sides_of(tmp_path, SUFFIXES).target == tmp_path / "clean"


def test_other_folders_are_no_pairs(tmp_path):
    fill(tmp_path, "A/1.png", "B/2.png", "A/3.png", "B/4.png")
    assert sides_of(tmp_path, SUFFIXES) is None  # no name in common: two classes
    fill(tmp_path, "A/2.png", "A/4.png", "C/1.png")
    assert sides_of(tmp_path, SUFFIXES) is None  # three folders
    assert sides_of(tmp_path / "A" / "1.png", SUFFIXES) is None
    assert sides_of(tmp_path / "nowhere", SUFFIXES) is None


def test_two_sets_without_pairs_and_what_is_kept_for_later(tmp_path):
    fill(tmp_path, "trainA/1.png", "trainA/2.png", "trainB/1.png", "trainB/7.png", "trainB/8.png")
    fill(tmp_path, "testA/9.png", "testB/9.jpg")
    sets = are_sets(tmp_path, SUFFIXES)
    assert (sets.source, sets.target, sides_of(tmp_path, SUFFIXES)) == (tmp_path / "trainA", tmp_path / "trainB", None)
    assert sets.told_apart() == "inputs, 2 in trainA/, and targets, 3 in trainB/, no pairs"
    assert sets_of(tmp_path, SUFFIXES, swap=True).source == tmp_path / "trainB"
    fill(tmp_path, "trainB/2.png")  # every name of the smaller side: pairs after all
    assert are_sets(tmp_path, SUFFIXES) is None
    assert sides_of(tmp_path, SUFFIXES).pairs == 2
    assert sides_of(tmp_path, SUFFIXES).trained


def test_any_two_folders_can_be_asked_for_as_sets(tmp_path):
    fill(tmp_path, "photos/1.png", "monet/2.png", "monet/3.jpg")
    sets = sets_of(tmp_path, SUFFIXES)
    assert (sets.source.name, sets.target.name) == ("monet", "photos")
    assert are_sets(tmp_path, SUFFIXES) is None
    fill(tmp_path, "B/1.png")
    assert sets_of(tmp_path, SUFFIXES) is None  # three
    fill(tmp_path / "ab", "B/1.png", "A/2.png")
    assert sets_of(tmp_path / "ab", SUFFIXES).source.name == "A"
    assert are_sets(tmp_path / "ab", SUFFIXES) is None
    fill(tmp_path / "empty", "trainA/1.png", "trainB/1.txt")
    assert sets_of(tmp_path / "empty", SUFFIXES) is None


def test_names_are_paths_without_their_endings(tmp_path):
    assert stem_of(tmp_path / "a" / "b.c.png", tmp_path) == "a/b.c"
    assert stem_of(tmp_path / "x.png", tmp_path / "x.png") == "x"
