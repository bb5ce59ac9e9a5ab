import io

from rich.table import Table

from multigan.terminal.console import PlainConsole


def printed(*objects, **options):
    file = io.StringIO()
    PlainConsole(file=file, force_terminal=True, width=80).print(*objects, **options)
    return file.getvalue()


def test_strings_are_neither_markup_nor_control():
    text = printed("[bold]x[/bold] [/] \x1b[31mred\x1b[0m\rover", highlight=False, markup=False)
    assert text == "[bold]x[/bold] [/] \\x1b[31mred\\x1b[0m\\rover\n"


def test_what_is_no_string_is_drawn_as_ever():
    table = Table("name")
    table.add_row("ring")
    assert "ring" in printed(table)
