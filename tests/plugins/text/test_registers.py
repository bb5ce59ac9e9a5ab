from multigan.plugins.text.registers import OTHER, REGISTERS, chronicle, plain, register_lines, telling


def test_the_way_there_is_known_and_can_be_undone():
    parts = ("the", "old", "captain", "sells", "our", "torn", "net", "near", "Oslo", "at noon")
    assert plain(parts) == "the old captain sells our torn net near Oslo at noon"
    assert chronicle(parts) == "at midday the skipper old sells our mesh rent near Oslo"
    assert len({*OTHER.values()}) == len(OTHER)
    assert not {*OTHER.values()} & {*OTHER}


def test_no_line_of_one_set_is_told_in_the_other():
    sets = {name: telling(name, 3000) for name in REGISTERS}
    for name, other in (REGISTERS, REGISTERS[::-1]):
        assert not {row[other] for row in sets[name]} & {*register_lines(other, 3000)}
        assert len({row[name] for row in sets[name]}) == 3000


def test_every_line_has_one_other():
    rows = telling("plain", 3000)
    assert len({row["chronicle"] for row in rows}) == 3000
    assert all(row["plain"] != row["chronicle"] for row in rows)


def test_lines_are_the_same_at_every_call():
    assert register_lines("plain", 50) == register_lines("plain", 400)[:50]
    assert register_lines("plain", 1) == ["that poor farmer keeps every bird near Turku at noon"]
