"""The kit as a pytest class: one test a check.

import multigan.testing
from my_package import modality

class TestMine(multigan.testing.ModalityTests):
    modality = modality
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from multigan.plugins import modalities
from multigan.testing.case import Case
from multigan.testing.kit import CHECKS, THOROUGH, run_check

__all__ = ["ModalityTests"]


class ModalityTests:
    """Inherit, and name the modality: pytest then runs `test_round_trip`, `test_resume` and so on.

    Attributes:
        modality: the object, or the name of one that is installed.
        expected_failures: checks that cannot pass, each with the reason; they are reported as `xfailed`.
        thorough: also the checks that take longer.
    """

    modality: ClassVar[Any] = None
    expected_failures: ClassVar[Mapping[str, str]] = {}
    thorough: ClassVar[bool] = False
    _case: ClassVar[Case | None] = None

    @classmethod
    def teardown_class(cls) -> None:
        """Remove the files that the checks wrote."""
        if cls._case is not None:
            cls._case.close()
            cls._case = None

    @classmethod
    def case(cls) -> Case:
        """The small case, made once for all tests of the class."""
        if cls._case is None:
            cls._case = Case(modalities.get(cls.modality) if isinstance(cls.modality, str) else cls.modality)
        return cls._case


def _test(name: str) -> Callable[[ModalityTests], None]:
    def test(self: ModalityTests) -> None:
        import pytest

        if name in THOROUGH and not self.thorough:
            pytest.skip("set thorough = True to run it")
        result = run_check(name, self.case(), self.expected_failures)
        if result.state == "skipped":
            pytest.skip(result.message)
        if result.state == "expected":
            pytest.xfail(result.message)
        if not result.good:
            pytest.fail(result.message, pytrace=False)

    test.__doc__ = CHECKS[name].__doc__
    test.__name__ = f"test_{name.replace('-', '_')}"
    return test


for _name in CHECKS:
    setattr(ModalityTests, f"test_{_name.replace('-', '_')}", _test(_name))
