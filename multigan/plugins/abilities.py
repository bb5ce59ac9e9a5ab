"""All that a modality may offer beyond the contract, one small protocol an ability; `able` is the question.

A modality has an ability by having its members; nothing is declared. What is offered is checked where the modality is
registered (`multigan.plugins.members`): half an ability, a misspelt one, another signature or type is a `PluginError`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from torch import Tensor, nn

from multigan.core.generators import Steered
from multigan.core.inputs import Halves, Sets, Translates, Unites
from multigan.core.types import Augments, Gauge, Pictures, Spec, able
from multigan.files.findings import Survey, Tick
from multigan.plugins.finishing import Finishes
from multigan.plugins.fitted import Filled, Fitted, Taken
from multigan.plugins.judging import Insights, Judged, Witnessed
from multigan.plugins.lasting import Lasts
from multigan.plugins.pairing import Answers, Contends, Couples, Matches, Opens, Pours, Recalls, Rewards, Weighs

__all__ = [
    "ABILITIES",
    "Answers",
    "Applies",
    "Augments",
    "Compares",
    "Contends",
    "Couples",
    "Curves",
    "Decodes",
    "Excuses",
    "Exports",
    "Fills",
    "Films",
    "Finishes",
    "Fits",
    "Gauges",
    "Halves",
    "Insights",
    "Inspects",
    "Inverts",
    "Judged",
    "Lasts",
    "Likely",
    "Masks",
    "Matches",
    "Opens",
    "Pictures",
    "Pours",
    "Reads",
    "Recalls",
    "Rewards",
    "Scores",
    "Sets",
    "Shows",
    "Sizes",
    "Steers",
    "Suits",
    "Tagged",
    "TaggedInputs",
    "Translates",
    "Trial",
    "Tries",
    "Unites",
    "Untouched",
    "Weighs",
    "Witnessed",
    "able",
]


class Reads(Protocol):
    """Single files become samples: `invert`, `edit` and the page take them in."""

    def read(self, path: Path, spec: Spec) -> Tensor:
        """A file as one sample in D's space `(*spec.shape)`, brought to its size and rate; else a `DataError`."""
        ...


class Sizes(Protocol):
    """Files have sizes, by which pairs that do not fit are found before training."""

    def file_size(self, path: Path) -> tuple[int, int] | None:
        """Width and height of a file, from its first bytes; None where they cannot be told."""
        ...


class Suits(Protocol):
    """Files of a special layout have a recipe of their own, which `multigan train FILES` picks."""

    def suited(self, files: Sequence[Path]) -> tuple[str, str] | None:
        """The recipe that suits files better than `recipe_for_files`, and what they clearly hold; None = none does."""
        ...


class Masks(Protocol):
    """Samples can have holes: `inpaint` fills them, where there are single files and a z."""

    def read_hole(self, text: str, spec: Spec) -> Tensor:
        """What a person typed (a box, a gap in seconds, a mask's path) as bool `(*spec.shape)`, True = to be filled."""
        ...


class Fits(Protocol):
    """Files of any size become samples, and what was filled goes back into them."""

    def fit(self, path: Path, spec: Spec, *, hole: str = "", at: float | None = None) -> Fitted:
        """A file, or the stretch of it from second `at`, with a hole told by positions in the file ("" = none)."""
        ...


class Applies(Protocol):
    """Files of any size go through a generator that is given an input: `apply`."""

    def take_in(self, path: Path, spec: Spec) -> Taken:
        """A file as one input like `spec`, of its own size, and the way back; else a `DataError`."""
        ...


class Fills(Protocol):
    """Lines with masked words are filled by a net that reads: `inpaint` for texts, which need no z."""

    def read_line(self, given: str) -> str:
        """The line that a person typed, as the data would have been read."""
        ...

    def fill(self, net: nn.Module, line: str, spec: Spec) -> Sequence[Filled]:
        """The likeliest fillings of a line, best first; a `DataError` where nothing is masked or nothing fits."""
        ...

    def fill_tokens(
        self, net: nn.Module, tokens: Tensor, hole: Tensor, *, beam: int, candidates: int, end: int | None
    ) -> tuple[Tensor, Tensor]:
        """Ids `(n <= beam, length)` and log-likelihoods `(n,)`, best first, of ids and bool hole `(length,)`."""
        ...


class Steers(Protocol):
    """Samples are drawn in a form that is asked for: options of `generate`."""

    def steering(self, spec: Spec, **wish: Any) -> Steered:
        """What keeps samples in a form; its keyword-only parameters are the options; a `DataError` where none can be.

        The net has to be one that is steered, see `multigan.core.generators.Steerable`.
        """
        ...


class Compares(Protocol):
    """How near one sample is to another, in a unit that people know; else the root mean square in D's space."""

    def closeness(self, real: Tensor, fake: Tensor, spec: Spec) -> tuple[str, Tensor]:
        """Its name with the unit (`psnr_db`), and `(batch,)` of two batches in D's space."""
        ...


class Inverts(Protocol):
    """What the search for a z descends, where that is not `multi-scale` alone.

    Attributes:
        inversion: matching terms by name, each with its weight.
    """

    inversion: Mapping[str, float]


class Scores(Protocol):
    """Scores of its own on rendered samples: `evaluate` and the report show them, each in its frame."""

    def own_scores(
        self, samples: Sequence[Any], real: Sequence[Any], train: Sequence[Any], spec: Spec
    ) -> Sequence[Mapping[str, Any]]:
        """One row a score, as `multigan.metrics.rows.row` makes them.

        Args:
            samples: what `render` gave of the generator's.
            real: of reals, held-out ones where there are any.
            train: of other reals, trained ones, which take the samples' place for a floor.
            spec: what one sample is.

        Returns:
            Mappings with `key, title, group, value, better`, and, where known, `low, high, interval, floor, floor_note,
            baseline, baseline_note, n_fake, n_real, note, unit` (see `multigan.evaluation.score.Score`). A value that
            is not defined, as of too few samples, gives no row.
        """
        ...


class Likely(Protocol):
    """Nets that say how likely a sample is."""

    def model_scores(self, net: nn.Module, real: Tensor, spec: Spec) -> Sequence[Mapping[str, Any]]:
        """Rows as of `Scores` for held-out reals in D's space; none where the net has no likelihood."""
        ...


class Curves(Protocol):
    """Quality against diversity over temperature, beside the maximum-likelihood start of the same run."""

    def own_curves(
        self, nets: Mapping[str, nn.Module], real: Sequence[Any], train: Sequence[Any], spec: Spec, **options: Any
    ) -> Mapping[str, Mapping[str, Any]]:
        """JSON values by name (`temperature`) of `{"GAN": ..., "MLE start": ...}`; none where nets have no temperature.

        Options are `temperatures`, `samples` and `seeds`.
        """
        ...


class Shows(Protocol):
    """A sample as HTML, for the report; without it strings, pictures and sounds are shown, other samples as a sheet."""

    def to_html(self, sample: Any, spec: Spec) -> str:
        """HTML with all that it shows inside, no scripts, and everything that comes from data escaped."""
        ...


class Films(Protocol):
    """A walk through samples as files of its own kind; without it, the sheet."""

    def film(self, samples: Sequence[Any], path: Path, label: Mapping[str, str], columns: int) -> Sequence[Path]:
        """Write rendered samples in the order of a walk; `path` has no suffix, `columns` are samples a row."""
        ...


class Inspects(Protocol):
    """A look at files before training; without it, `doctor` loads them and says what the loader said."""

    def inspect(self, path: Path, options: Mapping[str, Any], tick: Tick) -> Survey:
        """Look at a folder or file with the options of `load`; faults of files are findings and no errors."""
        ...


class Gauges(Protocol):
    """Vitals of its own, see docs/doctor.md.

    Signs are read from these of them, lower being better:

    - `order`, `order_floor`, `order_floor_deviation`, `order_trivial`: how unlike reals the order of fakes' parts is;
      the same of other reals, with the noise of it, and of reals whose parts were dealt anew.
    - `surprise`, `surprise_trivial`: how unlikely trained reals are under G, and under what knows no order.
    - `clipped`, `clipped_floor`: share of fakes' samples that lie in flat tops, and of reals'.
    - `surprise_unseen`: how unlikely held-out reals are under G.
    """

    def gauge(self, trained: Iterable[Tensor], unseen: Iterable[Tensor], spec: Spec) -> Gauge:
        """Look at reals once, trained and held-out ones `(n, *spec.shape)` in parts, and return what measures a G."""
        ...


class Exports(Protocol):
    """Exported files that give something handier than D's space.

    Attributes:
        output_name: of the file's output (`"tokens"`).
        output_meaning: one sentence: range, units and how to make a sample of it.
    """

    output_name: str
    output_meaning: str

    def to_output(self, fake: Tensor, spec: Spec) -> Tensor:
        """G's output `(batch, *spec.shape)` to the file's output, in operations that a tracer can follow."""
        ...


class Decodes(Protocol):
    """What a generator's folder says of samples is checked before anything is drawn; without it, one is drawn."""

    def check_spec(self, spec: Spec) -> None:
        """Raise a `ValueError` or `DataError` in words, where `spec.meta` is not what decoding needs."""
        ...


class Tagged(Protocol):
    """A task that the hub has a name for; it goes into the model card.

    Attributes:
        pipeline_tag: that name (`"text-generation"`).
    """

    pipeline_tag: str


class TaggedInputs(Protocol):
    """Likewise for generators that are given an input.

    Attributes:
        input_pipeline_tag: that name (`"image-to-image"`).
    """

    input_pipeline_tag: str


class Untouched(Protocol):
    """A `save` that changes samples unless it is told not to.

    Attributes:
        untouched: options of `save` with which files hold the samples exactly; none where they always do.
    """

    untouched: Mapping[str, Any]


@dataclass(frozen=True)
class Trial:
    """A small case on which `multigan.testing` tries a modality out.

    Attributes:
        source: what `load` is given; "" = the first of `embedded`.
        options: of `load`.
        sets: overrides of `recipe_for_files` that make nets small.
        reload: options of `load` for files that `save` wrote; None = the same `options`.
    """

    source: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    sets: tuple[str, ...] = ()
    reload: Mapping[str, Any] | None = None


class Tries(Protocol):
    """A small case for `multigan check`; without it, the first embedded data set.

    Attributes:
        trial: source, options and overrides.
    """

    trial: Trial


class Excuses(Protocol):
    """Checks of `multigan check` that cannot pass.

    Attributes:
        expected_failures: reasons by the check's name.
    """

    expected_failures: Mapping[str, str]


ABILITIES: tuple[type, ...] = (
    Scores,
    Likely,
    Curves,
    Gauges,
    Judged,
    Witnessed,
    Insights,
    Inspects,
    Augments,
    Pictures,
    Shows,
    Films,
    Finishes,
    Reads,
    Fits,
    Translates,
    Halves,
    Sets,
    Unites,
    Couples,
    Applies,
    Answers,
    Weighs,
    Pours,
    Opens,
    Matches,
    Contends,
    Recalls,
    Rewards,
    Sizes,
    Suits,
    Masks,
    Fills,
    Steers,
    Compares,
    Inverts,
    Exports,
    Decodes,
    Tagged,
    TaggedInputs,
    Untouched,
    Lasts,
    Tries,
    Excuses,
)
"""All of them, the most asked for first."""
