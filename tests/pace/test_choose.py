import pytest

from multigan.pace.choose import choose, free_keys, looked_at, set_lengths
from multigan.recipe.length import lengths_of
from multigan.recipe.recipe import load_recipe

FREE = free_keys("image/folder", "image/folder", [])


def machine(per_step=0.0, per_sample=0.0, phases=()):
    """Costs of a sample on a machine where an iteration takes so long, and each sample of it."""

    def measure(recipe, phase):
        scale = recipe.G.options.get("width", 32) / 32
        each = phases[phase] if phase < len(phases) else per_sample
        return per_step / recipe.train.batch + each * scale**2

    return measure


def test_lengths_fit_the_time_and_the_line_says_so():
    found = choose(load_recipe("image/folder"), 100, machine(per_sample=0.01), ())
    assert lengths_of(found.recipe) == (9000,)
    assert "9,000 samples of the game at 0.01 s" in found.line
    assert found.recipe.train.batch == 16


def test_phases_keep_their_proportions():
    found = choose(load_recipe("text/file"), 1000, machine(per_sample=0.02, phases=[0.001]), ())
    first, last = lengths_of(found.recipe)
    own = lengths_of(load_recipe("text/file"))
    assert first / last == pytest.approx(own[0] / own[1], rel=0.01)
    assert first * 0.001 + last * 0.02 == pytest.approx(900, rel=0.01)
    assert found.costs == (0.001, 0.02)


def test_a_machine_with_room_gets_larger_batches():
    recipe = load_recipe("image/folder")
    assert choose(recipe, 1e4, machine(per_step=0.01), FREE).recipe.train.batch == 64
    assert choose(recipe, 1e4, machine(per_step=0.01), ()).recipe.train.batch == 16
    assert choose(recipe, 1e4, machine(per_sample=0.01), FREE).recipe.train.batch == 16


def test_what_was_set_is_not_open():
    assert "train.batch" in FREE
    assert free_keys("image/folder", "image/folder", ["train.batch=8", 'G={net="dcgan"}']) == {"D.width", "D.hidden"}
    assert free_keys("mine.toml", "image/folder", []) == set()
    assert free_keys(load_recipe("image/folder"), "image/folder", []) == set()


def widths(recipe):
    return [table.options.get("width") for table in (recipe.G, recipe.D)]


def test_where_there_is_hardly_time_nets_are_narrower():
    recipe = load_recipe("image/folder")
    few = 0.9 * recipe.train.samples / 16 * 0.01  # seconds for .81 of a sixteenth
    found = choose(recipe, few, machine(per_sample=0.01), FREE)
    assert widths(found.recipe) == [16, 16]
    assert found.recipe.train.samples == round(0.9 * few / 0.0025)
    assert "nets of half the width, which see 4.0 times as many samples" in found.line
    assert widths(choose(recipe, 2 * few, machine(per_sample=0.01), FREE).recipe) == [32, 32]
    assert widths(choose(recipe, few, machine(per_sample=0.01), ()).recipe) == [32, 32]


def test_a_width_that_was_set_and_one_that_does_not_pay_stay():
    recipe = load_recipe("image/folder")
    one = free_keys("image/folder", "image/folder", ["D.width=32"])
    assert widths(choose(recipe, 1, machine(per_sample=0.01), one).recipe) == [32, 32]
    dear = choose(recipe, 1, machine(per_step=0.1, per_sample=0.001), FREE - {"train.batch"})
    assert widths(dear.recipe) == [32, 32]  # a narrower net is hardly faster where iterations cost by themselves


@pytest.mark.parametrize(("minutes", "seen"), [(0.2, (4, 2, 2)), (2, (8, 4, 4)), (5, (20, 10, 10)), (60, (20, 10, 10))])
def test_a_short_run_is_looked_at_less_often(minutes, seen):
    train = looked_at(load_recipe("image/folder"), minutes).train
    assert (train.vitals, train.sheets, train.checkpoints) == seen
    own = looked_at(load_recipe("image/folder", ["train.vitals=0", "train.sheets=9"]), minutes).train
    assert (own.vitals, own.sheets) == (0, 9)


def test_what_is_slow_to_draw_from_is_looked_at_less_often():
    recipe = load_recipe("image/folder")
    assert looked_at(recipe, 5, 0.0001).train.vitals == looked_at(recipe, 5).train.vitals == 20
    train = looked_at(recipe, 10, 0.01).train  # 30 s for looks of 2.56 s, and 30 s for sheets of .64 s
    assert (train.vitals, train.sheets, train.checkpoints) == (11, 10, 10)
    slow = looked_at(recipe, 10, 0.1).train  # four looks of 25.6 s are less than a quarter of the time
    assert (slow.vitals, slow.sheets) == (4, 4)
    slower = looked_at(recipe, 10, 1.0).train
    assert (slower.vitals, slower.sheets) == (1, 1)
    assert looked_at(load_recipe("audio/loops"), 4, 0.1).train.vitals == 1  # its own four would take 102 s of 240
    assert looked_at(load_recipe("audio/loops"), 60, 0.1).train.vitals == 4


def test_a_time_that_is_over_is_not_told_as_less_than_nothing():
    line = choose(load_recipe("image/folder"), -7.2, machine(per_sample=0.01), FREE).line
    assert "-7" not in line
    assert "though reading and trying took all the time;" in line


def test_a_phase_whose_length_was_set_keeps_it_and_the_game_takes_the_rest():
    (name,) = [phase.name for phase in load_recipe("text/file").phases]
    sets = [f"phases.{name}.samples=2000", "data.length=20"]
    recipe, costs = load_recipe("text/file", sets), machine(per_sample=0.02, phases=[0.05])
    found = choose(recipe, 1000, costs, (), set_lengths(sets))
    assert lengths_of(found.recipe) == (2000, 40_000)
    assert found.fixed == (0,)
    assert f"2,000 samples, as set, in {name} at 0.05 s" in found.line
    assert choose(recipe, 1000, costs, ()).fixed == ()
    short = choose(recipe, 100, costs, (), set_lengths(sets))  # it alone would take as long
    assert short.fixed == ()
    assert lengths_of(short.recipe)[0] < 1800
    assert f"phases.{name}.samples = 2000 would take 2 min and gives its proportion alone" in short.line


def test_the_length_of_the_game_follows_the_clock_and_that_is_said():
    sets = ["train.samples = 500"]
    found = choose(load_recipe("image/folder", sets), 100, machine(per_sample=0.01), (), set_lengths(sets))
    assert lengths_of(found.recipe) == (9000,)
    assert "train.samples = 500 is not kept: the game takes what time there is" in found.line
    assert "is not kept" not in choose(load_recipe("image/folder"), 100, machine(per_sample=0.01), (), set()).line
    assert set_lengths(["train.batch=8", 'phases=[{name="a"}]', "phases.a.lr=1"]) == set()


def test_what_plays_no_game_is_called_by_what_it_does():
    recipe, measure = load_recipe("audio/folder"), machine(per_sample=0.01)
    line = choose(recipe, 100, measure, (), ("train.samples",), "fit").line
    assert "about 1,000 samples of the fit at 0.09 s" in line
    assert "is not kept: the fit takes what time there is" in line
    assert "game" not in line
