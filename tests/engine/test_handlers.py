from multigan.engine.trainer import Handler, Quiet


def test_quiet_is_a_whole_handler(tiny):
    quiet: Handler = Quiet()
    trainer = tiny()
    trainer.handlers = [quiet]
    assert trainer.fit().step == 20
