"""Pages in a real browser without a network."""

import shutil

import numpy as np
import pytest

from multigan.core.html import Html
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.provenance import labels as provenance
from multigan.report import gallery
from multigan.report.media import Budget, Media
from multigan.report.page import Section, page, write_page

LOADED = """() => Promise.all([...document.querySelectorAll('audio')].map(a => a.readyState > 0 ? 0
    : new Promise((done, fail) => {
        a.onloadedmetadata = done; a.onerror = () => fail(a.error.message); a.load(); })))"""
PLAYED = """() => new Promise(done => { const a = document.querySelector('audio');
    a.ontimeupdate = () => a.currentTime > 0.05 ? done(a.currentTime) : 0; })"""


def executable(playwright):
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    own = playwright.chromium.executable_path
    return found or (own if shutil.which(own) else None)


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    with api.sync_playwright() as playwright:
        path = executable(playwright)
        if path is None:
            pytest.skip("no chromium: install one, or run playwright install chromium")
        options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Open a file at a width; the page, and all complaints and requests that went out."""

    def go(path, width):
        tab = browser.new_page(viewport={"width": width, "height": 800})
        noise = []
        tab.on("console", lambda message: noise.append(message.text))
        tab.on("pageerror", lambda error: noise.append(str(error)))
        tab.on("request", lambda r: None if r.url.startswith(("data:", "file:")) else noise.append(r.url))
        tab.goto(path.as_uri())
        return tab, noise

    return go


@pytest.mark.parametrize("width", [360, 1200])
def test_a_report_is_quiet_and_fits(ring, visit, width):
    tab, noise = visit(ring / "report.html", width)
    assert noise == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert tab.evaluate(
        "[...document.querySelectorAll('body *')].every(e => e.getBoundingClientRect().right <= innerWidth + 1)"
    )
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"


def test_players_play(visit, tmp_path):
    rate = 16_000
    tone = (0.1 * np.sin(np.arange(rate) * 0.1)).astype(np.float32)
    label = provenance.label("g", "0" * 64, "r", 0)
    media = Media(modalities.get("audio"), Spec("audio", (1, rate)), label, Budget(1_000_000))
    body = gallery.samples(media, [(tone, rate)] * 3, 0)
    path = write_page(tmp_path / "p.html", page("t", Html("<h1>x</h1>"), [Section("s", "S", body)], Html("")))
    tab, noise = visit(path, 360)
    tab.evaluate(LOADED)
    assert tab.evaluate("[...document.querySelectorAll('audio')].every(a => a.readyState > 0)")
    assert tab.evaluate("[...document.querySelectorAll('audio')].map(a => a.duration)") == [1.0] * 3
    tab.evaluate("document.querySelector('audio').play()")
    assert tab.evaluate(PLAYED) > 0.05
    assert noise == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
