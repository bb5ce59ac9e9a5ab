import pytest

from multigan.core.errors import PeerError
from multigan.engine.peers import talking_to_peers


def test_a_broken_connection_points_to_the_other_process():
    with pytest.raises(PeerError, match="another process of this run ended") as caught, talking_to_peers():
        raise RuntimeError("Connection closed by peer")
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_other_errors_are_left_alone():
    with pytest.raises(ValueError, match="mine"), talking_to_peers():
        raise ValueError("mine")
