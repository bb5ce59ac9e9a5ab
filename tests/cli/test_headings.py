from multigan.cli.app import app
from multigan.cli.headings import HEADINGS


def test_every_verb_stands_under_one_heading():
    known = [one.name for one in (*app.registered_commands, *app.registered_groups)]
    listed = [name for verbs in HEADINGS.values() for name in verbs]
    assert sorted(listed) == sorted(known)
    assert len(HEADINGS) == 5


def test_help_has_a_whole_line_for_every_verb(multigan):
    done = multigan("--help")
    for verbs in HEADINGS.values():
        for name, line in verbs.items():
            assert any(one.split() == [name, *line.split()] for one in done.stdout.splitlines()), name
    assert "..." not in done.stdout.partition("Train and judge")[2]
    assert max(map(len, done.stdout.splitlines())) <= 80
