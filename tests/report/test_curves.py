from multigan.report.curves import curves


def row(step, phase="adversarial", **more):
    return {"step": step, "samples": step * 10, "phase": phase, "seconds": float(step), **more}


def test_all_keys_are_drawn_once():
    rows = [row(n, **{"loss/D": 1.0 / n, "penalty/r1": n, "mine/extra": 2.0, "odd": 3.0}) for n in range(1, 4)]
    html = curves(rows)
    for title in ("<h3>Losses<", "<h3>Penalties<", "<h3>mine</h3>", "<h3>odd</h3>"):
        assert html.count(title) == 1
    assert "Distance to reals" not in html


def test_an_autoencoder_has_curves_of_its_own():
    html = curves([row(n, **{"loss/fit": 1.0 / n, "loss/prior": 2.0, "kl": 3.0}) for n in range(1, 4)])
    assert "<h3>Fit<" in html
    assert "<h3>Codes<" in html


def test_phase_changes_are_marked():
    rows = [row(1, "pretrain", **{"loss/mle": 3.0}), row(2, **{"loss/D": 1.0}), row(3, **{"loss/D": 2.0})]
    assert "a phase ended" in curves(rows)
    assert "a phase ended" not in curves(rows[1:])


def test_nothing_logged_is_said_and_many_groups_are_counted():
    assert "Nothing was logged" in curves([])
    html = curves([row(1, **{f"group{n}/x": 1.0 for n in range(30)})])
    assert "6 further groups" in html
