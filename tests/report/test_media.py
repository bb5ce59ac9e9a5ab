import io
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.provenance import labels as provenance
from multigan.report.media import Budget, Media

SPEC = Spec("image", (1, 8, 8))
LABEL = provenance.label("g", "0" * 64, "r", 0)


def media(budget=1_000_000, modality="image"):
    return Media(modalities.get(modality), SPEC, LABEL, Budget(budget))


def decoded(html, kind):
    return b64decode(html.split(f"data:{kind};base64,")[1].split('"')[0])


def test_pictures_are_exact_and_carry_their_label(tmp_path):
    picture = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8))
    data = decoded(media().one(picture, "<x>"), "image/png")
    assert Image.open(io.BytesIO(data)).tobytes() == picture.tobytes()
    (tmp_path / "x.png").write_bytes(data)
    assert provenance.read(tmp_path / "x.png") == LABEL


def test_training_items_are_not_called_synthetic():
    picture = Image.new("L", (8, 8))
    assert b"trainedAlgorithmicMedia" not in decoded(media().one(picture, "x", real=True), "image/png")
    sound = media().one((np.zeros(800, np.float32), 8000), "x", real=True)
    assert b'"digital_source_type"' not in decoded(sound, "audio/wav")


def test_large_pictures_are_made_smaller():
    data = decoded(media().one(Image.new("RGB", (900, 300)), "x"), "image/png")
    assert Image.open(io.BytesIO(data)).size == (256, 85)


def test_sounds_have_players_and_names():
    html = media().one((np.zeros(800, np.float32), 8000), "sample 1")
    assert decoded(html, "audio/wav")[:4] == b"RIFF"
    assert html.count("sample 1") == 3
    assert "<audio" not in media().one((np.zeros(800, np.float32), 8000), "x", player=False)


def test_texts_are_escaped_and_cut():
    html = media().one("<script>" + "x" * 5000, "")
    assert "<script>" not in html
    assert len(html) < 800


@pytest.mark.parametrize("sample", ["long text " * 20, Image.new("L", (8, 8)), (np.zeros(800, np.float32), 8000)])
def test_what_does_not_fit_is_refused_and_counted(sample):
    small = media(60)
    assert small.one(sample, "x") is None
    assert small.budget.refused >= 1


def test_unknown_kinds_are_left_to_the_sheet():
    assert media().one((0.0, 1.0), "x") is None


def test_a_modality_may_draw_its_own():
    class Own:
        def to_html(self, sample, spec):
            return f"<i>{sample}</i>"

    assert Media(Own(), SPEC, LABEL, Budget(100)).one(3, "x") == "<i>3</i>"


@pytest.mark.parametrize(
    ("sheet", "said"), [(lambda *given: None, "sheet gives None"), (lambda *given: 1 / 0, "fails in")]
)
def test_an_overview_that_fails_costs_only_itself(monkeypatch, sheet, said):
    points = media(modality="points")
    monkeypatch.setattr(points, "modality", type("Odd", (type(points.modality),), {"sheet": staticmethod(sheet)})())
    assert said in points.sheet([], "x")
