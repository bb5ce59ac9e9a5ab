"""The conformance kit: named checks of a modality, each with what it catches; some may be expected to fail."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from multigan.core.errors import MultiGANError, PluginError, did_you_mean
from multigan.core.types import Data, Modality
from multigan.plugins import modalities
from multigan.plugins.abilities import Excuses, able
from multigan.testing import on_abilities, on_data, on_inputs, on_nets, on_samples
from multigan.testing.case import Case
from multigan.testing.rules import Skip

__all__ = ["CHECKS", "Result", "check_modality", "run_check", "run_checks"]

CHECKS: Mapping[str, Callable[[Case], None]] = {
    check.__name__.replace("_", "-"): check
    for check in (
        *on_data.CHECKS,
        *on_samples.CHECKS,
        *on_abilities.CHECKS,
        *on_inputs.CHECKS,
        *on_nets.CHECKS,
        *on_nets.THOROUGH,
    )
}
"""All checks by name, in the order in which they run; the first line of each says what it catches."""
THOROUGH = tuple(check.__name__.replace("_", "-") for check in on_nets.THOROUGH)


@dataclass(frozen=True)
class Result:
    """What one check found.

    Attributes:
        name: of the check.
        state: `passed`; `failed`; `expected` = failed as declared; `surprise` = passed though declared to fail;
            `skipped` = nothing to look at.
        message: what is wrong, or the reason.
    """

    name: str
    state: str
    message: str = ""

    @property
    def good(self) -> bool:
        """Whether the author has nothing to do."""
        return self.state in ("passed", "expected", "skipped")


def run_check(name: str, case: Case, expected: Mapping[str, str] | None = None) -> Result:
    """Run one check; nothing that a plugin does escapes.

    Args:
        name: of the check.
        case: the modality and its small case.
        expected: checks that are declared to fail, each with the reason.
    """
    reason = _expected(case.modality, expected).get(name)
    try:
        with _lent(case.modality), torch.random.fork_rng(devices=[]):
            CHECKS[name](case)
    except Skip as skip:
        return Result(name, "skipped", str(skip))
    except Exception as error:
        said = str(error) if isinstance(error, MultiGANError) else f"{type(error).__name__}: {error}"
        return Result(name, "expected", reason) if reason else Result(name, "failed", said)
    return Result(name, "surprise", f"declared to fail: {reason}") if reason else Result(name, "passed")


def run_checks(
    modality: Modality,
    data: Data | None = None,
    *,
    thorough: bool = False,
    expected: Mapping[str, str] | None = None,
) -> Iterator[Result]:
    """Run all checks, one result after the other.

    Args:
        modality: the plugin's object; it need not be registered.
        data: what its `load` returned; None = what its `trial` names.
        thorough: also the checks that take longer: `export`.
        expected: as for `run_check`; together with the modality's `expected_failures`.

    Raises:
        UnknownNameError: a check is expected to fail that does not exist.
    """
    for name in _expected(modality, expected):
        if name not in CHECKS:
            raise PluginError(f"'{name}' is expected to fail, but is no check", "", did_you_mean(name, CHECKS))
    case = Case(modality, data)
    try:
        for name in CHECKS:
            if thorough or name not in THOROUGH:
                yield run_check(name, case, expected)
    finally:
        case.close()


def check_modality(
    modality: Modality,
    data: Data | None = None,
    *,
    thorough: bool = False,
    expected: Mapping[str, str] | None = None,
) -> list[Result]:
    """Run all checks and fail if one does; the arguments are those of `run_checks`.

    Raises:
        PluginError: every check that failed, by name, with what it found.

    Example:
        >>> from multigan.plugins.points import modality
        >>> {result.state for result in check_modality(modality)} <= {"passed", "skipped", "expected"}
        True
    """
    results = list(run_checks(modality, data, thorough=thorough, expected=expected))
    bad = [f"[{result.name}] {result.message}" for result in results if not result.good]
    if bad:
        raise PluginError(
            f"modality '{modality.name}' breaks the contract: {' '.join(bad)}", "", "see docs/conformance.md"
        )
    return results


def _expected(modality: Modality, more: Mapping[str, str] | None) -> Mapping[str, str]:
    return {**(modality.expected_failures if able(modality, Excuses) else {}), **(more or {})}


@contextmanager
def _lent(modality: Modality) -> Iterator[None]:
    with modalities.lend(modality.name, modality):
        yield
