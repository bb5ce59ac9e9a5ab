"""What is attacked: for each kind a builder that makes whole files in a folder and returns `case(rng, folder)`."""

import gzip
import json
import shutil
import struct
from pathlib import Path

import numpy as np
import soundfile
import torch
from mutate import bytes_hurt, hostile, json_hurt
from PIL import Image

from multigan import load, resume, train
from multigan.build import build_data, build_trainer, check
from multigan.core.draw import Draw
from multigan.engine.verified import seal_of
from multigan.plugins import modalities
from multigan.provenance import labels as provenance
from multigan.recipe.options import bind
from multigan.recipe.recipe import find_recipe, load_recipe

TINY = ["train.samples=64", "train.batch=16", "train.report=false", "train.sheets=1", "train.vitals=1"]
SMALL = {
    "points/ring": ["G.width=4", "D.width=4"],
    "image/digits": ["G.width=4", "D.width=4"],
    "text/surnames": ["G.hidden=8", "D.filters=4", "phases=[]"],
    "audio/drums": [
        'G={net="wavegan",width=2}',
        'D={net="wavegan",width=2}',
        'game={loss="relativistic"}',
        "data.samples=1024",
    ],
}


def _read(name, folder, **options):
    """Both looks at a folder, which must count the same items."""
    modality = modalities.get(name)
    bound = bind(modality.load, options, "data")
    survey = modality.inspect(folder, bound, lambda done, total: None)
    data = modality.load(str(folder), **bound)
    items = len(data.items)
    assert survey.items == items, f"the doctor counts {survey.items} items, the loader {items}"
    data.items.take(torch.arange(items), Draw(0))


def image(seeds):
    rng = np.random.default_rng(0)
    colours = Image.fromarray(rng.integers(0, 256, (9, 8, 3), dtype=np.uint8))
    for ending, options in {"png": {}, "jpg": {}, "webp": {}, "bmp": {}, "tif": {}, "gif": {}}.items():
        colours.save(seeds / f"rgb.{ending}", **options)
    for mode in ("L", "P", "RGBA", "I;16", "1", "LA"):
        (
            Image.fromarray(rng.integers(0, 65536, (8, 8), dtype=np.uint16))
            if mode == "I;16"
            else colours.convert(mode)
        ).save(seeds / f"mode-{mode.replace(';', '')}.png")
    colours.convert("CMYK").save(seeds / "cmyk.jpg")
    colours.save(seeds / "frames.webp", save_all=True, append_images=[colours.rotate(90)])
    colours.save(seeds / "avif.avif")
    whole = sorted(seeds.iterdir())

    def case(rng, folder):
        for name in ("rgb.png", "mode-L.png") if rng.random() < 0.7 else ():
            shutil.copy(seeds / name, folder / f"good-{name}")
        origin = rng.choice(whole)
        ending = origin.suffix if rng.random() < 0.8 else rng.choice((".png", ".jpg", ".webp", ".bmp"))
        (folder / f"hurt{ending}").write_bytes(bytes_hurt(rng, origin.read_bytes()))
        _read("image", folder, size=8)

    return case


def audio(seeds):
    wave = np.sin(np.arange(1600) / 5) * 0.5
    for ending, subtypes in {
        "wav": ("PCM_16", "PCM_24", "FLOAT", "MS_ADPCM"),
        "flac": ("PCM_16",),
        "ogg": ("VORBIS",),
    }.items():
        for subtype in subtypes:
            soundfile.write(seeds / f"{subtype}.{ending}", wave, 8000, subtype)
    soundfile.write(seeds / "mp3.mp3", wave, 8000)
    soundfile.write(seeds / "stereo.wav", np.stack([wave, -wave], 1), 44100)
    soundfile.write(seeds / "aiff.aiff", wave, 8000)
    whole = sorted(seeds.iterdir())

    def case(rng, folder):
        if rng.random() < 0.7:
            shutil.copy(seeds / "PCM_16.wav", folder / "good.wav")
        origin = rng.choice(whole)
        content = bytes_hurt(rng, origin.read_bytes())
        if rng.random() < 0.2 and len(content) > 44:
            content = _lying_wav(rng, content)
        (folder / f"hurt{origin.suffix}").write_bytes(content)
        _read("audio", folder, samples=1024)

    return case


def _lying_wav(rng, content):
    """The same with another rate, channel count, block size or length in the header."""
    at, form = rng.choice(((22, "<H"), (24, "<I"), (28, "<I"), (32, "<H"), (34, "<H"), (40, "<I"), (4, "<I")))
    value = rng.choice((0, 1, 3, 255, 65535, 2**31 - 1, 2**32 - 1)) % (1 << 8 * struct.calcsize(form))
    return content[:at] + struct.pack(form, value) + content[at + struct.calcsize(form) :]


def text(seeds):
    lines = [
        f"the {colour} {animal} sleeps, alone" for colour in ("red", "old", "grün") for animal in ("cat", "owl", "猫")
    ]
    plain = "\n".join(lines).encode()
    (seeds / "plain.txt").write_bytes(plain)
    (seeds / "packed.txt.gz").write_bytes(gzip.compress(plain))
    (seeds / "table.csv").write_text("id,text\n" + "\n".join(f'{i},"{line}"' for i, line in enumerate(lines)))
    (seeds / "half.csv").write_text("text;id\n" + "\n".join(f"{line};{i}" for i, line in enumerate(lines)))
    (seeds / "table.tsv").write_text("id\ttext\n" + "\n".join(f"{i}\t{line}" for i, line in enumerate(lines)))
    (seeds / "rows.jsonl").write_text("\n".join(json.dumps({"text": line, "id": i}) for i, line in enumerate(lines)))
    (seeds / "strings.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (seeds / "wide.txt").write_bytes("\n".join(lines).encode("utf-16"))
    whole = sorted(seeds.iterdir())

    def case(rng, folder):
        if rng.random() < 0.7:
            shutil.copy(seeds / "plain.txt", folder / "good.txt")
        origin = rng.choice(whole)
        content = bytes_hurt(rng, origin.read_bytes())
        if origin.suffix == ".jsonl" and rng.random() < 0.5:
            content = b"\n".join(json_hurt(rng, json.dumps({"text": line, "id": 1}).encode()) for line in lines)
        if origin.suffix == ".gz" and rng.random() < 0.5:
            content = gzip.compress(bytes_hurt(rng, plain))
        (folder / f"hurt{''.join(origin.suffixes)}").write_bytes(content)
        _read("text", folder)

    return case


def idx(seeds):
    pictures = np.random.default_rng(0).integers(0, 256, (12, 6, 6), dtype=np.uint8).tobytes()
    images = b"\0\0\x08\x03" + struct.pack(">3i", 12, 6, 6) + pictures
    labels = b"\0\0\x08\x01" + struct.pack(">i", 12) + bytes(range(1, 5)) * 3

    def case(rng, folder):
        packed = rng.random() < 0.3
        ending = ".gz" if packed else ""
        pack = gzip.compress if packed else bytes
        hurt = [content if rng.random() < 0.3 else bytes_hurt(rng, content) for content in (images, labels)]
        if packed and rng.random() < 0.5:
            hurt = [pack(content) for content in hurt]
            hurt[rng.randrange(2)] = bytes_hurt(rng, hurt[0])
        else:
            hurt = [pack(content) for content in hurt]
        (folder / f"train-images-idx3-ubyte{ending}").write_bytes(hurt[0])
        (folder / f"train-labels-idx1-ubyte{ending}").write_bytes(hurt[1])
        _read("image", folder)

    return case


def config(seeds):
    kept = {}
    for recipe, small in SMALL.items():
        # Without labels: a folder with ten classes is refused whatever is hurt, since most of it is their names.
        small = [*small, "game.conditional=false"] if recipe.startswith("image") else small
        run = train(recipe, run=seeds / recipe.replace("/", "-"), overrides=[*TINY, *small], quiet=True)
        kept[recipe] = run.folder / "generator"

    def case(rng, folder):
        origin = kept[rng.choice(sorted(kept))]
        shutil.copytree(origin, folder, dirs_exist_ok=True)
        (weights,) = folder.glob("*.safetensors")
        if rng.random() < 0.8:
            file = folder / "config.json"
            file.write_bytes(json_hurt(rng, file.read_bytes()))
        else:
            weights.write_bytes(bytes_hurt(rng, weights.read_bytes()))
        load(folder).generate(2, seed=0)

    return case


def _sealed(path):
    """As somebody would who wants the damage to be believed."""
    try:
        plain = json.loads(path.read_bytes())
        path.write_text(json.dumps(plain | {"seal": seal_of(plain)}))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return


def state(seeds):
    train("points/ring", run=seeds / "run", overrides=[*TINY, "train.checkpoints=4", *SMALL["points/ring"]], quiet=True)

    def case(rng, folder):
        shutil.copytree(seeds / "run", folder / "run")
        older, newest = sorted((folder / "run" / "checkpoints").iterdir())
        for checkpoint in (newest, older) if rng.random() < 0.3 else (newest,):
            name = "state.json" if rng.random() < 0.8 else "tensors.safetensors"
            hurt = json_hurt if name == "state.json" else bytes_hurt
            (checkpoint / name).write_bytes(hurt(rng, (checkpoint / name).read_bytes()))
            if rng.random() < 0.8:
                _sealed(checkpoint / "state.json")
        if rng.random() < 0.2:
            beside = rng.choice(
                [path for path in (folder / "run").iterdir() if path.suffix in (".json", ".jsonl", ".toml")]
            )
            beside.write_bytes(bytes_hurt(rng, beside.read_bytes()))
        resume(folder / "run", quiet=True)

    return case


def _built(recipe):
    check(recipe)
    build_trainer(recipe, build_data(recipe))


def recipe(seeds):
    _built(load_recipe("points/ring", SMALL["points/ring"]))  # what is imported at first use is no case's fault
    texts = {name: find_recipe(name).read_bytes() for name in SMALL}

    def case(rng, folder):
        name = rng.choice(sorted(texts))
        lines = texts[name].decode().splitlines()
        if rng.random() < 0.5:
            at = rng.choice([n for n, line in enumerate(lines) if "=" in line])
            lines[at] = f"{lines[at].partition('=')[0]}= {hostile(rng)}"
            content = "\n".join(lines).encode("utf-8", "surrogatepass")
        else:
            content = bytes_hurt(rng, texts[name])
        file = folder / "mine.toml"
        file.write_bytes(content)
        _built(load_recipe(str(file), SMALL[name] if rng.random() < 0.5 else []))

    return case


KEYS = (
    "train.samples",
    "train.batch",
    "train.seed",
    "train.n_critic",
    "train.ema_halflife_samples",
    "train.accumulate",
    "train.sheets",
    "train.checkpoints",
    "train.precision",
    "train.device",
    "train.loggers",
    "optim.lr",
    "optim.betas",
    "optim.name",
    "optim.eps",
    "optim.G.lr",
    "G.net",
    "G.width",
    "G.z_dim",
    "D.width",
    "D.spectral_norm",
    "game.loss",
    "game.penalties",
    "game.label_smoothing",
    "game.conditional",
    "game.views",
    "game.reduction",
    "game.name",
    "data.source",
    "data.holdout",
    "data.n",
    "data.size",
    "guard.retries",
    "phases",
    "title",
    "modality",
    "",
    "a.b.c.d",
    "train",
)


def _override(rng):
    value = rng.choice(("1", "2", "0.5", "true", "8")) if rng.random() < 0.3 else hostile(rng)
    return f"{rng.choice(KEYS)}{rng.choice(('=', '=', '=', '', ' = ', '=='))}{value}"


def overrides(seeds):
    _built(load_recipe("points/ring", SMALL["points/ring"]))

    def case(rng, folder):
        name = rng.choice(("points/ring", "image/digits"))
        given = [_override(rng) for _ in range(rng.choice((1, 1, 2)))]
        _built(load_recipe(name, [*SMALL[name], *given]))

    return case


def label(seeds):
    for name, small in SMALL.items():
        run = train(name, run=seeds / name.replace("/", "-"), overrides=[*TINY, *small], quiet=True)
        load(run.folder).save(seeds / "out" / name.replace("/", "-"), 2, 0)
    whole = [path for path in sorted((seeds / "out").rglob("*")) if path.is_file()]
    whole += sorted(seeds.glob("*/generator/*"))

    def case(rng, folder):
        origin = rng.choice(whole)
        file = folder / origin.name
        content = bytearray(origin.read_bytes())
        if rng.random() < 0.5:
            content = bytes_hurt(rng, content)
        else:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        file.write_bytes(content)
        provenance.read(file)

    return case


KINDS = {
    "image": image,
    "audio": audio,
    "text": text,
    "idx": idx,
    "config": config,
    "state": state,
    "recipe": recipe,
    "overrides": overrides,
    "label": label,
}
__all__ = ["KINDS", "Path"]
