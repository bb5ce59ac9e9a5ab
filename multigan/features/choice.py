"""The extractor that is taken where nobody names one."""

from multigan.core.errors import UnknownNameError
from multigan.core.types import Pictures, able
from multigan.features import Extractor, Setting, default, eye

__all__ = ["build"]

PICTURE_AXES = 3


def build(argument: str, setting: Setting) -> Extractor:
    """`auto`: the eye where samples are pictures and there are enough of them, else `default`.

    Spectra of sounds can be looked at too, but patches do not know how high they lie: `eye` has to be asked for there.

    Returns:
        The extractor chosen, under its own name.

    Raises:
        UnknownNameError: something follows a colon.
    """
    if argument:
        raise UnknownNameError(f"'auto:{argument}' is no feature extractor", "auto", "leave out what follows ':'")
    enough = setting.data is not None and len(setting.data.items) >= eye.FEWEST_ITEMS
    pictures = able(setting.modality, Pictures) and len(setting.spec.shape) == PICTURE_AXES
    return eye.build("", setting) if enough and pictures else default.build("", setting)
