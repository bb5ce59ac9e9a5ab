"""Text: lines of files, embedded surnames, and a synthetic oracle.

Real space: float32 `(batch, length, vocab)`, one-hot for reals and relaxed one-hots for fakes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.types import Augmentation, Data, Gauge, Objective, Spec
from multigan.nets.sizes import Size
from multigan.plugins.adapter import Adapter, Trial
from multigan.plugins.text import (
    answering,
    augment,
    coupled,
    curve,
    data,
    embedded,
    evaluation,
    features,
    gauge,
    grureader,
    infill,
    insight,
    inspect,
    judged,
    layouts,
    lstm,
    manners,
    meta,
    objective,
    pairreader,
    pairscores,
    poems,
    read,
    recall,
    seq2seq,
    steering,
    textcnn,
    transformer,
    witnessed,
)
from multigan.plugins.text.decode import LINE_CHARACTERS, MOST_LINES
from multigan.plugins.text.vocabulary import Vocabulary
from multigan.provenance import labels as provenance
from multigan.recipe.numbers import Seed, Whole

__all__ = ["BETWEEN", "TextModality", "modality"]

NOTICE = (
    "AI-generated text (AI 生成)"  # GB 45438-2025, section 5.1, asks for both: that it is AI, and that it is generated
)
BETWEEN = "\n\n* * *\n\n"
"""What parts the texts of a sheet where some have several lines."""


class TextModality(Adapter):
    """See `multigan.core.types.Modality`."""

    name = "text"
    summary = "lines of text as characters, words or byte pairs"
    pipeline_tag = "text-generation"  # the hub's name of the task
    suffixes = read.SUFFIXES
    input_pipeline_tag = "text2text-generation"
    embedded = ("oracle", *data.MADE, *embedded.EMBEDDED, *manners.MANNERS)
    generators: Mapping[str, Callable[..., nn.Module]] = {
        "lstm": lstm.build_g,
        "transformer": transformer.build_transformer,
    }
    translators: Mapping[str, Callable[..., nn.Module]] = {
        "seq2seq": seq2seq.build_g,
        "gru-reader": grureader.build_gru,
    }
    discriminators: Mapping[str, Callable[..., nn.Module]] = {
        "textcnn": textcnn.build_d,
        "pair-reader": pairreader.build_d,
    }
    output_name = "tokens"
    output_meaning = "indices into meta.vocabulary.entries; 0 ends a text"
    objectives: Mapping[str, Objective] = {
        "mle": objective.mle,
        "fit": objective.mle,
        "denoise": objective.denoise,
    }
    rewards: Mapping[str, Callable[..., Tensor]] = {"bleu": pairscores.bleu_reward, "chrf": pairscores.chrf_reward}
    augmentations: Mapping[str, Augmentation] = augment.AUGMENTATIONS
    augmentation_policy = augment.POLICY
    recipe_for_files = "text/file"
    recipe_for_couples = "text/pairs"
    recipe_for_sets = "text/restyle"
    embedded_inputs: Mapping[str, str] = manners.MANNERS
    real_range = (0.0, 1.0)
    trial = Trial("surnames", {}, ("G.hidden=8", "D.filters=4"))
    check_spec = staticmethod(meta.check_spec)
    inspect = staticmethod(inspect.inspect)
    read_line = staticmethod(read.read_line)
    fill = staticmethod(infill.fill)
    fill_tokens = staticmethod(infill.fill_tokens)
    steering = staticmethod(steering.steering)
    insight = staticmethod(insight.insight)
    answer = staticmethod(answering.answer)
    log_likelihood = staticmethod(answering.log_likelihood)
    recalled = staticmethod(recall.recalled)
    is_trained = staticmethod(recall.is_trained)
    rival = staticmethod(recall.copied)
    against_targets = staticmethod(pairscores.pair_scores)
    couple = staticmethod(coupled.load_couple)
    sees_couples = staticmethod(layouts.told)
    unite = staticmethod(manners.unite)
    sees_sets = staticmethod(manners.sees_two)

    def load(  # noqa: PLR0913  (each is a key of a recipe)
        self,
        source: str,
        *,
        tokens: Literal["auto", "character", "word", "piece", "bpe"] = "auto",
        length: Annotated[int, Field(ge=0, le=LINE_CHARACTERS)] = 0,
        vocab: Annotated[int, Field(ge=3, le=MOST_LINES)] | Literal["auto"] = 5000,
        min_count: Whole = 1,
        column: str | int = "",
        texts: Literal["lines", "poems"] = "lines",
        tokenizer: str = "",
        n: Annotated[int, Field(ge=1, le=MOST_LINES)] = 10_000,
        hidden: Size = 32,
        oracle_seed: Seed = 0,
    ) -> Data:
        """Read texts.

        Args:
            source: `surnames`, `verses` (quatrains), `oracle`, `sentences`, `smalltalk`, `headlines`, a file (.txt,
                .csv, .tsv, .jsonl, or such packed as .gz) or a folder of such.
            tokens: what a token is; "auto" = characters for short lines and scripts without spaces, words otherwise. A
                "word" is what stands between spaces, comma and all; "piece" = words and marks apart.
            length: tokens per text; 0 = long enough for 99 % of the lines, at most 64.
            vocab: largest vocabulary; rarer tokens become one unknown token. "auto" = of byte pairs one for each 400
                characters of the texts, from 100 to 4,000, as rarer ones are not learnt; of other tokens 5,000.
            min_count: tokens seen less often are unknown.
            column: of a CSV, TSV or JSONL file, `outer.inner` in nested objects, a number in tables without a header;
                empty = `text`, or the only one.
            texts: what a text is: one of "lines", or of "poems" of several lines: blocks with empty lines between, one
                a line with / or a tab between its lines, or, in a folder, a file each.
            tokenizer: folder that transformers saved one in; then `tokens`, `vocab` and `min_count` do not count.
            n: texts drawn from the oracle, or made of an embedded grammar.
            hidden: the oracle's hidden units.
            oracle_seed: of its parameters and texts.
        """
        if source == "oracle":
            return data.load_oracle(n, data.VOCAB if vocab == "auto" else vocab, length or 20, hidden, oracle_seed)
        return data.load_lines(source, data.TextOptions(tokens, length, vocab, min_count, column, texts, tokenizer), n)

    def suited(self, files: Sequence[Path]) -> tuple[str, str] | None:
        """`text/poems` for what clearly is poems; see `poems.clearly_poems`."""
        why = poems.clearly_poems([file for file in files if file.name.split(".")[0].lower() not in read.ABOUT])
        return ("text/poems", f"poems: {why}") if why else None

    def to_real(self, raw: Tensor, spec: Spec) -> Tensor:
        """Token ids `(batch, length)` -> one-hot `(batch, length, vocab)`."""
        # Not F.one_hot: its int64 detour costs three times the memory and time.
        zeros = torch.zeros(*raw.shape, spec.shape[1], device=raw.device)
        return zeros.scatter_(-1, raw.long().unsqueeze(-1), 1.0)

    def to_output(self, fake: Tensor, spec: Spec) -> Tensor:
        """Token ids `(batch, length)`."""
        return fake.argmax(-1)

    def render(self, fake: Tensor, spec: Spec) -> list[str]:
        """Strings."""
        vocabulary = Vocabulary.from_meta(spec.meta)
        return [vocabulary.decode(ids) for ids in fake.argmax(-1).tolist()]

    def save(
        self,
        samples: Sequence[str],
        folder: Path,
        names: Sequence[str],
        label: Mapping[str, str],
        *,
        jsonl: bool = False,
        visible_label: bool = False,
    ) -> list[Path]:
        """One file, one text a line; or JSON objects with `text`, `name` and the provenance in each line.

        Texts of several lines are always written as JSON objects, so that the file gives back the same texts.
        With `visible_label` the file begins with a line that says what it is, or every object has it as `notice`.
        """
        notice = {"notice": NOTICE} if visible_label else {}
        if jsonl or any("\n" in text for text in samples):
            path = folder / f"texts-{names[0]}.jsonl"
            rows = [{**notice, "text": text, "name": name} for text, name in zip(samples, names, strict=True)]
            provenance.write_jsonl(path, rows, label)
            return [path]
        path = folder / f"texts-{names[0]}.txt"
        provenance.write_text(path, "".join(f"{line}\n" for line in [*notice.values(), *samples]), label)
        return [path]

    def sheet(self, samples: Sequence[str], path: Path, label: Mapping[str, str]) -> Path:
        """One text file; where a text has several lines, an empty line and a row of asterisks part them."""
        path = path.with_name(path.name + ".txt")
        between = BETWEEN if any("\n" in text for text in samples) else "\n"
        provenance.write_text(path, between.join(samples) + "\n" if samples else "", label)
        return path

    def shown_to_judge(self, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor]:
        """What each token is like and how expected it is, by texts that are not judged."""
        return judged.make_reader(judged.ids_of(known, spec.shape[0]), spec.meta.get("end"), spec.shape[1])

    def numbers_for_judge(self, known: Iterable[Tensor], spec: Spec) -> Callable[[Tensor], Tensor] | None:
        """How expected tokens are, and which never stand together in texts that are not judged."""
        return witnessed.make_teller(judged.ids_of(known, spec.shape[0]), spec.meta.get("end"), spec.shape[1])

    def features(self, real: Tensor, spec: Spec) -> Tensor:
        """Hashed n-gram frequencies `(batch, 256)`."""
        return features.hashed_ngrams(real.argmax(-1))

    def gauge(self, trained: Iterable[Tensor], unseen: Iterable[Tensor], spec: Spec) -> Gauge:
        """Whether fakes keep the order of tokens, and what G still knows of trained texts; see `gauge.make_gauge`."""
        return gauge.make_gauge(trained, unseen, spec)

    def own_scores(
        self, samples: Sequence[str], real: Sequence[str], train: Sequence[str], spec: Spec
    ) -> list[dict[str, Any]]:
        """Scores of rendered texts with floor, interval and baseline; see `evaluation.text_scores`."""
        return evaluation.own_rows(samples, real, train, spec)

    def model_scores(self, net: nn.Module, real: Tensor, spec: Spec) -> list[dict[str, Any]]:
        """Likelihoods under G of held-out one-hots `(batch, length, vocab)`; see `evaluation.model_rows`."""
        return evaluation.model_rows(net, real.argmax(-1), spec)

    def own_curves(
        self, nets: Mapping[str, nn.Module], real: Sequence[str], train: Sequence[str], spec: Spec, **options: Any
    ) -> dict[str, dict[str, Any]]:
        """Quality against diversity over temperature of `{"GAN": ..., "MLE start": ...}`; see `curve.curves`."""
        if any(not hasattr(net, "sample") for net in nets.values()) or not {curve.GAN, curve.START} <= set(nets):
            return {}
        return {"temperature": curve.curves(nets, real, train, spec, level=evaluation.level_of(spec), **options)}


modality = TextModality()
