from multigan.judge.alike import much_alike


def test_little_spread_or_little_variety_is_much_alike():
    assert much_alike(1.0, 1.0) == ""
    assert much_alike(0.4, 0.3) == ""
    assert "they differ 39% as much as reals do, variety (Vendi score) 90% of theirs" in much_alike(0.39, 0.9)
    assert much_alike(0.9, 0.29)
