"""The model card: README.md of a generator folder, for people and for the hub."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multigan.core.counted import counted
from multigan.core.plain import one_line
from multigan.doctor.likelihood import likelihood_note
from multigan.generator.generator import Generator
from multigan.plugins.abilities import Tagged, TaggedInputs, able
from multigan.publish.facts import RunFiles
from multigan.publish.markdown import code, escaped, python_string, shell_word
from multigan.publish.novel import Shown
from multigan.publish.private import data_lines, without_places
from multigan.publish.table import evaluation_table, metric_results
from multigan.run.flags import remarks_of

__all__ = ["CardOptions", "model_card"]

MANY = 12
INTENDED = """## Intended use and misuse

Meant for study, for play and for work on files of your own that are like the training data. What it adds is
invented: it is likely, and it is not in the file. Not meant as evidence, for diagnosis, to make known who or what a
picture shows, or as human work; those who show outputs to others say that they are partly generated. MultiGAN labels
each file it writes (`multigan provenance FILE`), with the SHA-256 of the file that it was made of, and the label should
stay. Whoever publishes or uses the generator needs the right to use its training data."""


@dataclass(frozen=True)
class CardOptions:
    """What only the publisher knows.

    Args:
        repo_id: `"owner/name"`, or the folder's name.
        licence: an identifier of the hub (`"apache-2.0"`, `"cc-by-sa-4.0"`); `"unknown"` says that none was stated.
        media: paths of sample files, relative to the card.
    """

    repo_id: str
    licence: str = "unknown"
    media: tuple[str, ...] = ()


def model_card(generator: Generator, facts: RunFiles, shown: Shown, options: CardOptions) -> str:
    """The whole README.md: a YAML header that the hub reads, then what it is, how to use it and what to beware of."""
    parts = [
        f"---\n{_header(generator, facts, options)}---",
        f"# {escaped(options.repo_id.rpartition('/')[2])}",
        _what(generator),
        _use(options.repo_id) if generator.input_spec is None else _apply(options.repo_id),
        _samples(shown, options),
        _data(generator, facts),
        "## Evaluation\n\n" + evaluation_table(facts.evaluation),
        _intended(generator),
        _limits(generator, facts),
        _contents(generator),
        _origin(generator, options),
    ]
    return "\n\n".join(parts) + "\n"


def _header(generator: Generator, facts: RunFiles, options: CardOptions) -> str:
    from huggingface_hub import ModelCardData

    config = generator.config
    task = _task(generator)
    recipe, name = one_line(config["recipe"]), one_line(options.repo_id.rpartition("/")[2])
    results = metric_results(facts.evaluation, recipe, task or generator.spec.modality)
    data = ModelCardData(
        model_name=name if results else None,
        license=one_line(options.licence),
        library_name="multigan",
        pipeline_tag=task,
        tags=["gan", "multigan", generator.spec.modality, f"recipe:{recipe}"],
        eval_results=results or None,
    )
    return data.to_yaml() + "\n"


def _task(generator: Generator) -> str | None:
    modality = generator.modality
    if generator.input_spec is not None:
        return modality.input_pipeline_tag if able(modality, TaggedInputs) else None
    return modality.pipeline_tag if able(modality, Tagged) else None


def _what(generator: Generator) -> str:
    spec, config = generator.spec, generator.config
    parameters = sum(parameter.numel() for parameter in generator.net.parameters())
    rows = {
        "modality": f"{spec.modality} ({generator.modality.summary})",
        "net": f"{config['net']['name']}, {counted(parameters, 'parameter')}",
        **_given(generator),
        "one sample": f"shape {tuple(spec.shape)} in the space of training",
        "classes": _few(spec.classes) if spec.classes else "none",
        "class-conditional": "yes" if config["net"]["options"].get("conditional") else "no",
        **{name: _brief(value) for name, value in spec.meta.items()},
    }
    table = "\n".join(f"| {escaped(name)} | {escaped(value)} |" for name, value in rows.items())
    return f"A generator trained with MultiGAN, a generative adversarial network.\n\n| | |\n|---|---|\n{table}"


def _given(generator: Generator) -> dict[str, str]:
    """What it is given, and how such inputs were made in training."""
    if generator.input_spec is None:
        return {}
    views = [one["name"] for one in generator.config["input"].get("degrade", [])]
    made = f"made of the targets by {', '.join(views)}" if views else "read beside the targets"
    return {"given": f"an input of any size; in training shape {tuple(generator.input_spec.shape)}, {made}"}


def _few(names: Sequence[str]) -> str:
    return f"{len(names):,}: " + ", ".join(names[:MANY]) + (" ..." if len(names) > MANY else "")


def _brief(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_brief(inner)}" for key, inner in value.items() if inner != "")
    if isinstance(value, list | tuple):
        return counted(len(value), "entry", "entries")
    return str(value) if len(str(value)) <= 80 else f"{len(str(value)):,} characters"


def _use(repo_id: str) -> str:
    return f"""## Use

```python
import multigan

generator = multigan.load({python_string(repo_id)})
samples = generator.generate(16, seed=0)
```

or {code(f"multigan generate {shell_word(repo_id)} -n 16 --seed 0")}. The same seed gives the same samples."""


def _apply(repo_id: str) -> str:
    return f"""## Use

```python
import multigan

generator = multigan.load({python_string(repo_id)})
made = generator.apply("FILE")
```

or {code(f"multigan apply {shell_word(repo_id)} FILES --out results/")}. Files may be of any size."""


def _samples(shown: Shown, options: CardOptions) -> str:
    lines = [f"![samples]({name})" if name.endswith(".png") else f"- [{name}]({name})" for name in options.media]
    if not shown.drawn:
        said = "None: it makes something of an input, and inputs with their targets are items of the data."
        return f"## Samples\n\n{said}"
    left_out = shown.drawn - len(shown.fake)
    if shown.compared:
        how = (
            f"They were compared with {counted(shown.compared, 'item')} of the data; "
            f"{counted(left_out, 'near-copy was', 'near-copies were')} left out."
        )
    else:
        how = "They are as drawn: the data was out of reach, so nobody looked for near-copies among them."
    return f"## Samples\n\nThe first {len(shown.fake)} of seed 0, not chosen. {how}\n\n" + "\n".join(lines)


def _data(generator: Generator, facts: RunFiles) -> str:
    told = "\n".join(f"- {escaped(line)}" for line in data_lines(facts, generator.spec.modality))
    return "## Training data\n\n" + (told or "The generator's maker left no record of the data.")


def _intended(generator: Generator) -> str:
    if generator.input_spec is not None:
        return INTENDED
    return f"""## Intended use and misuse

Meant for study, for play and as raw material: {generator.spec.modality} samples that resemble the training data, drawn
at random or explored. Not meant as evidence, as a record of anything real, to imitate a person, or as human work;
those who show samples to others say that they are synthetic. MultiGAN labels each file it writes (`multigan provenance
FILE`), and the label should stay. Whoever publishes or uses the generator needs the right to use its training data."""


def _limits(generator: Generator, facts: RunFiles) -> str:
    warnings = [escaped(without_places(line)) for line in (facts.evaluation or {}).get("warnings") or ()]
    alone = likelihood_note(facts.folder, generator.kept, generator.config) if facts.folder else ""
    lines = [
        "A GAN covers a part of its data, more often the common than the rare, and repeats that data's biases.",
        *(["Details that the input does not have are made up."] if generator.input_spec is not None else []),
        "It was trained on one set; it knows nothing outside of it.",
        *warnings,
    ]
    if alone and escaped(alone) not in warnings:
        lines.append(escaped(alone))
    lines += [escaped(line) for line in remarks_of(facts.evaluation or {})]
    if facts.evaluation is None:
        why = f" ({facts.unjudgeable})" if facts.unjudgeable else ""
        lines.append(f"It was not evaluated before publication{why}; whether it repeats training items is not known.")
    return "## Limitations\n\n" + "\n".join(f"- {line}" for line in lines)


def _contents(generator: Generator) -> str:
    words = ""
    if "vocabulary" in generator.spec.meta:
        words = (
            " The vocabulary in `config.json` lists single tokens of the data, without which no text can be written."
        )
    samples = ", and `samples/` made by the generator" if generator.input_spec is None else ""
    return (
        "## What is in this folder\n\n`config.json` (how to build the net and decode its output), "
        "`generator.safetensors` (its weights), this card" + samples + ". "
        "No training items are stored, and loading runs no code from here." + words
    )


def _origin(generator: Generator, options: CardOptions) -> str:
    config = generator.config
    licence = (
        "No licence was stated: ask before use."
        if options.licence == "unknown"
        else f"Licence: {escaped(options.licence)}."
    )
    recipe, seed = escaped(config["recipe"]), escaped(config.get("seed", "unknown"))
    return f"""## Provenance

Recipe "{recipe}", seed {seed}, {counted(config.get("samples_seen", 0), "real sample")} seen,
MultiGAN {escaped(config["multigan_version"])}. SHA-256 of the weights: `{config["weights_sha256"]}`. {licence}"""
