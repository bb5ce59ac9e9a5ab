"""The page as a person and as many programs meet it, on 127.0.0.1 only."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from multigan.demo.serve import POLICY
from multigan.provenance import labels as provenance

pytestmark = pytest.mark.slow
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def page_of(folders):
    """The page of generators, served by another process that is ended with Ctrl-C."""
    if find_spec("gradio") is None:
        pytest.skip("gradio is not installed: pip install 'multigan[demo]'")
    command = [sys.executable, "-m", "multigan", "demo", *map(str, folders)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert f"{len(folders)} generators at http://127.0.0.1:" in line, process.stderr.read()
        yield line.split(" at ")[1].split()[0]
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=30)
        assert (process.returncode, said.strip()) == (0, "ended")
        assert "Traceback" not in complained, complained


@pytest.fixture
def address(tiny, tmp_path):
    """The page of three generators."""
    with page_of(
        [tiny(modality).save_pretrained(tmp_path / modality) for modality in ("image", "audio", "text")]
    ) as at:
        yield at


@pytest.fixture
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--mute-audio"])
        yield opened
        opened.close()


def test_a_person_generates_plays_and_downloads(address, browser, tmp_path):
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)

    page.get_by_label("class").locator("visible=true").first.click()
    page.get_by_role("option", name="dog").click()
    page.locator("button:visible", has_text="Generate").click()
    page.wait_for_selector(".pictures img >> nth=15")
    assert page.locator(".pictures img").count() == 16
    assert page.locator(".pictures figcaption").first.inner_text() == "dog-0-00000"
    with page.expect_download() as download:
        page.locator("a[href*='.zip']").first.click()
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path)
    assert provenance.read(tmp_path / "dog-0-00003.png")["generator"] == "image"

    fill_a_hole(page, tmp_path / "dog-0-00003.png")

    page.get_by_role("tab", name="audio").click()
    page.locator("button:visible", has_text="Generate").click()
    page.wait_for_selector("audio >> nth=15")
    played = page.locator("audio").first.evaluate("a => a.play().then(() => [a.duration, a.paused, a.error])")
    assert 0 < played[0] <= 0.25
    assert played[1:] == [False, None]

    page.get_by_role("tab", name="text").click()
    page.locator("button:visible", has_text="Generate").click()
    page.wait_for_selector(".texts li >> nth=15")

    local = (address, "data:", "blob:")
    assert [url for url in asked if not url.startswith(local)] == []
    assert [line for line in said if "Content Security Policy" in line or "error" in line.lower()] == []


def fill_a_hole(page, path):
    """By a box and by a brush."""
    page.locator("button:visible", has_text="Fill a hole of your own picture").click()
    page.locator("input[type=file]").first.set_input_files(path)
    page.get_by_label("box").fill("1,1,4,4")
    page.locator("button:visible", has_text="Fill the box").click()
    page.wait_for_selector(".pair img >> nth=1")
    assert "48 of 192 values filled" in page.locator(".note").inner_text()
    canvas = page.locator("canvas:visible").first.bounding_box()
    x, y = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2
    page.mouse.move(x - 20, y)
    page.mouse.down()
    page.mouse.move(x + 20, y, steps=5)
    page.mouse.up()
    page.locator("button:visible", has_text="Fill what is drawn").click()
    page.wait_for_function("!document.querySelector('.note').innerText.startsWith('48 ')")


def upload(address, path):
    """The file as a value for an endpoint."""
    head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + b"\r\n--x--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    request = urllib.request.Request(f"{address}gradio_api/upload", body, kind, method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return {"path": json.load(answer)[0], "meta": {"_type": "gradio.FileData"}}


def test_uploads_lie_in_a_folder_of_the_page_itself(address, tiny, tmp_path):
    given = tiny("image").save(tmp_path / "given", 1)[0]
    value = upload(address, given)
    place = Path(value["path"])
    assert "multigan-demo-" in str(place)
    assert place.is_file()
    shared = Path(tempfile.gettempdir()) / "gradio"
    assert not list(shared.rglob(given.name))
    # Another page does not hand out what was uploaded to this one, nor use it.
    with page_of([tmp_path / "image"]) as other:
        with pytest.raises(urllib.error.HTTPError, match=r"40[34]"):
            urllib.request.urlopen(f"{other}gradio_api/file={place}", timeout=30)
        assert "event: error" in post(
            other, "image_inpaint", [{"path": str(place)}, "1,1,4,4", 2, 1, 0, "of the nearest sample"]
        )
        second = Path(upload(other, given)["path"])
        assert second.is_file()
        assert second.parent != place.parent
    assert not second.exists()


def test_what_is_no_picture_is_refused(address, tmp_path):
    for name, body in (("a.exe", b"MZ"), ("a.png", b"no picture"), ("a.svg", b"<svg onload='x'/>"), ("a.html", b"<b>")):
        (tmp_path / name).write_bytes(body)
        value = upload(address, tmp_path / name)
        answer = post(address, "image_inpaint", [value, "1,1,4,4", 2, 1, 0, "of the nearest sample"])
        assert "event: error" in answer


def test_holes_are_filled_by_programs_too(address, tiny, tmp_path):
    picture, sound = (tiny(modality).save(tmp_path / "given", 1)[0] for modality in ("image", "audio"))
    search = [2, 1, 0, "of the nearest sample"]
    calls = [
        ("image_inpaint", [upload(address, picture), "1,1,4,4", *search], "48 of 192 values filled"),
        ("audio_inpaint", [upload(address, sound), "0.01-0.02", *search], "80 of 2,000 values filled"),
        ("text_inpaint", ["b_c"], "log-likelihoods"),
    ]
    for name, values, note in calls:
        answer = post(address, name, values)
        assert answer.startswith("event: complete"), answer
        assert note in answer
    for file in (
        None,
        "x",
        {"path": "/etc/hostname"},
        {"path": "http://example.org/a", "meta": calls[0][1][0]["meta"]},
    ):
        assert "event: error" in post(address, "image_inpaint", [file, "1,1,4,4", *search])
    for hole in ("0,0,8,8", "", str(picture), None):
        assert "event: error" in post(address, "image_inpaint", [calls[0][1][0], hole, *search])
    assert "nothing is masked" in post(address, "text_inpaint", ["abc"])
    (tmp_path / "large.png").write_bytes(bytes(5_000_000))
    with pytest.raises(urllib.error.HTTPError, match="413"):
        upload(address, tmp_path / "large.png")


def post(address, name, values):
    body = json.dumps({"data": values}).encode()
    request = urllib.request.Request(
        f"{address}gradio_api/call/{name}", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        event = json.load(answer)["event_id"]
    with urllib.request.urlopen(f"{address}gradio_api/call/{name}/{event}", timeout=120) as answer:
        return answer.read().decode()


def test_fifty_requests_at_once_are_all_answered(address):
    calls = [
        ("image_generate", [4, seed, "all in turn", 1, 1])
        if seed % 2
        else ("text_generate", [4, seed, "all in turn", 1, 1])
        for seed in range(50)
    ]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda call: post(address, *call), calls))
    assert [answer.startswith("event: complete") for answer in answers] == [True] * 50
    assert len(set(answers)) == 50
    again = post(address, "text_generate", calls[0][1])
    shown = [json.loads(answer.split("data: ")[1])[0] for answer in (again, answers[0])]
    assert shown[0] == shown[1]
    assert "<ol" in shown[0]


def test_bad_values_and_strangers_are_refused(address):
    for values in ([10**9, 0, "all in turn", 1, 1], [1, 0, "cow", 1, 1], ["x", 0, ["cat"], 1, 1], [1, None, {}, 1, 1]):
        assert "event: error" in post(address, "image_generate", values)
    assert post(address, "image_generate", [1, 0, "cat", 1, 1]).startswith("event: complete")
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
    stranger = urllib.request.Request(address, headers={"Host": "example.org"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(stranger, timeout=30)
    with pytest.raises(urllib.error.HTTPError, match=r"40[34]"):
        urllib.request.urlopen(f"{address}gradio_api/file=/etc/hostname", timeout=30)
