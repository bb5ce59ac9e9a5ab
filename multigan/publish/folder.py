"""A generator folder in hub layout: config, weights, card and samples; whole or not at all."""

from pathlib import Path
from tempfile import TemporaryDirectory

from multigan.core.atomic import replace_folder
from multigan.core.errors import RunError
from multigan.files.keeping import keeps, refuse, same_folder
from multigan.generator.generator import CONFIG, KEPT, WEIGHTS, Generator
from multigan.plugins.contract import require
from multigan.provenance.labels import make_folder
from multigan.publish.card import CardOptions, model_card
from multigan.publish.facts import RunFiles
from multigan.publish.novel import Shown, pick

__all__ = ["write_folder"]

SAMPLES = 16
SEED = 0
_OURS = {CONFIG, WEIGHTS, "README.md", "samples"}
_SHEET = "sheet"


def write_folder(
    generator: Generator, folder: str | Path, *, facts: RunFiles | None = None, options: CardOptions | None = None
) -> Path:
    """Write `config.json`, `generator.safetensors`, `README.md` and `samples/`.

    Args:
        generator: what to publish.
        folder: is replaced whole, or kept (`multigan.files.keeping`); a folder with other files in it is refused, and
            so is one that a run keeps its generator in: the run replaces that, with a card in it.
        facts: of the run; None = a bare generator, whose card says that nothing is known.
        options: name and licence.

    Raises:
        RunError: the folder holds something else, or cannot be written.
    """
    require(generator.modality, "publish")
    folder, facts = Path(folder), facts or RunFiles()
    _refuse_strangers(folder)
    options = options or CardOptions(folder.name)
    shown = pick(generator, facts, SAMPLES, SEED)

    def write(into: Path) -> None:
        generator.save_pretrained(into / "generator")
        for path in (into / "generator").iterdir():
            path.rename(into / path.name)
        (into / "generator").rmdir()
        media = _write_samples(generator, shown, into)
        text = model_card(generator, facts, shown, CardOptions(options.repo_id, options.licence, media))
        (into / "README.md").write_text(text, encoding="utf-8")

    make_folder(folder.parent)
    if not keeps() or not folder.is_dir() or not any(folder.iterdir()):
        replace_folder(folder, write)
        return folder
    with TemporaryDirectory(dir=folder.parent) as place:
        write(Path(place))
        if not same_folder(Path(place), folder):
            refuse(folder)
    return folder


def _write_samples(generator: Generator, shown: Shown, into: Path) -> tuple[str, ...]:
    samples = into / "samples"
    if shown.drawn:
        samples.mkdir()
    if len(shown.fake):
        rendered = generator.modality.render(shown.fake, generator.spec)
        generator.modality.sheet(rendered, samples / _SHEET, generator.label(SEED))
    return tuple(sorted(str(path.relative_to(into)) for path in (samples.iterdir() if shown.drawn else ())))


def _refuse_strangers(folder: Path) -> None:
    if folder.is_file():
        raise RunError(f"{folder} is a file", "a folder", "choose another name")
    if not folder.is_dir():
        return
    if folder.resolve().name in KEPT.values() and (folder.resolve().parent / "recipe.toml").is_file():
        raise RunError(
            f"{folder} belongs to a run, which replaces it whole when it goes on",
            "a folder of its own",
            "choose another with --folder",
        )
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in _OURS)
    if (folder / "samples").is_dir():
        inside = sorted((folder / "samples").iterdir())
        strangers += [f"samples/{path.name}" for path in inside if path.is_dir() or path.stem != _SHEET]
    if strangers:
        raise RunError(
            f"{folder} holds other things ({', '.join(strangers[:3])})", "a new folder", "choose another with --folder"
        )
