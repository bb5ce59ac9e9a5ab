import signal

import pytest

from multigan.core.signals import Interrupted, exit_code, tidy_on_signal


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_before_training_a_signal_unwinds_as_ctrl_c_does(number):
    with pytest.raises(Interrupted) as caught, tidy_on_signal():
        signal.raise_signal(number)
    assert caught.value.signal == number
    assert signal.getsignal(number) is signal.SIG_DFL


def test_a_handler_of_the_callers_own_stays():
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        with tidy_on_signal():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


def test_the_exit_code_is_that_of_the_signal():
    codes = [exit_code(stop) for stop in (KeyboardInterrupt(), Interrupted(signal.SIGTERM), Interrupted(signal.SIGHUP))]
    assert codes == [130, 143, 129]
