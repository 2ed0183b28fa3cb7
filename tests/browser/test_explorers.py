"""The explorers in a real browser: their numbers are those of the reference, and everybody can use them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Locator, Page, expect

import cnn_ref
import student_kit
from student_kit.choices import _html as choices_html
from student_kit.explore import page as html_of
from student_kit.explorers import EXPLORERS
from student_kit.form import Letters

pytestmark = pytest.mark.browser

ROOT = Path(student_kit.__file__).parents[1]
ARITHMETIC = (ROOT / "student_kit" / "explorers" / "arithmetic.js").read_text()
LIGHT, DARK = "background: #fff; color: #111", "background: #111; color: #eee"

Show = Callable[..., Page]


@pytest.fixture
def show(tab: Page) -> Iterator[Show]:
    """Return a function that opens a page with explorers and holds that it says no error and asks nobody."""
    said: list[str] = []
    events = {
        "pageerror": lambda error: said.append(str(error)),
        "console": lambda message: said.append(message.text),
        "request": lambda request: None if request.url.startswith(("data:", "about:")) else said.append(request.url),
    }
    for event, tell in events.items():
        tab.on(event, tell)

    def opened(*names: str, style: str = LIGHT, width: int = 1000) -> Page:
        tab.goto("about:blank")  # what scripts of another page left there is gone
        tab.set_viewport_size({"width": width, "height": 900})
        tab.set_content(
            f'<!doctype html><html lang="en"><title>explorers</title><body style="{style}"><main><h1>Explorers</h1>'
            f"{''.join(map(html_of, names))}</main></body></html>"
        )
        return tab

    yield opened
    tab.goto("about:blank")
    for event, tell in events.items():
        tab.remove_listener(event, tell)
    assert said == []


def numbers(page: Page, board: str) -> list[list[float]]:
    """Return what the cells of a board show."""
    rows = page.locator(f'[data-board="{board}"] > [role="row"]')
    texts = rows.evaluate_all("all => all.map(row => [...row.querySelectorAll(':scope > div')].map(c => c.innerText))")
    return [[float(text.replace("−", "-").replace(",", "")) for text in line] for line in texts]


def settle(page: Page, **sliders: float) -> None:
    """Move sliders."""
    for name, value in sliders.items():
        page.locator(f'input[data-name="{name}"]').fill(str(value))


def said(page: Page) -> Locator:
    """Return the line that screen readers read."""
    return page.get_by_role("status")


def run(tab: Page, expression: str, *arguments: object) -> Any:
    """Return what an expression of the arithmetic gives for many arguments."""
    return tab.evaluate(f"(all) => {{ {ARITHMETIC}; return all.map({expression}); }}", list(arguments))


def layers() -> Iterator[tuple[int, int, int, int, int, int]]:
    """Yield layers that exist: height, width, kernel, stride, padding, dilation."""
    generator = np.random.default_rng(3)
    while True:
        h, w = (int(number) for number in generator.integers(3, 9, 2))
        k, s, p, d = (int(number) for number in generator.integers((1, 1, 0, 1), (5, 4, 3, 4)))
        if min(h, w) + 2 * p >= d * (k - 1) + 1:
            yield h, w, k, s, p, d


def test_convolution_and_sizes_are_those_of_the_reference(tab: Page) -> None:
    """Over 200 drawn layers the script's convolution and sizes equal cnn_ref's."""
    generator, wanted, given = np.random.default_rng(1), [], []
    for _, (h, w, k, s, p, d) in zip(range(200), layers(), strict=False):
        x, weight = generator.integers(-5, 6, (h, w)), generator.integers(-3, 4, (k, k))
        given.append([x.tolist(), weight.tolist(), s, p, d])
        wanted.append(cnn_ref.conv2d(x[None, None], weight[None, None], None, s, p, d)[0, 0].tolist())
    got = run(tab, "([x, w, s, p, d]) => [A.conv(x, w, s, p, d), A.positions(x.length, w.length, s, p, d)]", *given)
    assert [result for result, _ in got] == wanted
    assert [size for _, size in got] == [len(result) for result in wanted]


def test_a_layer_that_cannot_be_has_no_position(tab: Page) -> None:
    """Where the reference refuses a size, the script says 0."""
    given = [[n, k, s, p] for n in range(1, 6) for k in range(1, 8) for s in (1, 2) for p in (0, 1)]
    for (n, k, s, p), got in zip(given, run(tab, "([n, k, s, p]) => A.positions(n, k, s, p)", *given), strict=True):
        if got:
            assert got == cnn_ref.conv_output_size(n, k, s, p)
        else:
            with pytest.raises(ValueError, match=r".+"):
                cnn_ref.conv_output_size(n, k, s, p)


def test_pooling_is_that_of_the_reference(tab: Page) -> None:
    """Largest and average over drawn maps, windows and strides."""
    generator = np.random.default_rng(2)
    given = [
        [generator.integers(-9, 9, (h, w)).tolist(), min(k, h, w), s]
        for _, (h, w, k, s, _, _) in zip(range(60), layers(), strict=False)
    ]
    got = run(tab, '([x, k, s]) => [A.pool(x, k, s, "max"), A.pool(x, k, s, "average")]', *given)
    for (x, k, s), (largest, average) in zip(given, got, strict=True):
        image = np.array(x, dtype=float)[None, None]
        np.testing.assert_array_equal(largest, cnn_ref.max_pool2d(image, k, s)[0, 0])
        np.testing.assert_allclose(average, cnn_ref.avg_pool2d(image, k, s)[0, 0])


def test_readers_of_a_cell_are_the_gradient_of_a_sum(tab: Page) -> None:
    """How often a cell is read equals its gradient through a convolution of ones."""
    given = [[h, w, k, s, p] for _, (h, w, k, s, p, d) in zip(range(80), layers(), strict=False) if d == 1]
    for (h, w, k, s, p), got in zip(
        given, run(tab, "([h, w, k, s, p]) => A.readers(h, w, k, s, p)", *given), strict=True
    ):
        x, weight = np.zeros((1, 1, h, w)), np.ones((1, 1, k, k))
        gradient = cnn_ref.conv2d_backward(np.ones_like(cnn_ref.conv2d(x, weight, None, s, p)), x, weight, None, s, p)[
            0
        ]
        np.testing.assert_array_equal(got, gradient[0, 0])


def test_receptive_fields_are_those_of_the_reference(tab: Page) -> None:
    """Size and jump after each of some layers."""
    generator = np.random.default_rng(5)
    stacks = [generator.integers(1, 5, (depth, 2)).tolist() for depth in range(1, 6) for _ in range(5)]
    given = [[{"k": k, "s": s} for k, s in stack] for stack in stacks]
    for stack, got in zip(stacks, run(tab, "A.fields", *given), strict=True):
        wanted = cnn_ref.receptive_fields(stack)
        assert [(field["size"], field["jump"]) for field in got] == [(field.size, field.jump) for field in wanted]


def test_counts_are_those_of_the_reference(tab: Page) -> None:
    """Links, weights and multiplications by the reference's functions and by counting a matrix."""
    for n, k in [(8, 2), (5, 3), (11, 4), (4, 4)]:
        got = run(tab, "([n, k]) => A.connections(n, k)", [n, k])[0]
        matrix = np.arange(1, k + 1) @ np.array([np.eye(n - k + 1, n, shift) for shift in range(k)]).reshape(k, -1)
        assert got["shared"] == {"links": np.count_nonzero(matrix), "weights": len(set(matrix) - {0})}
        assert got["local"]["weights"] == got["local"]["links"] == np.count_nonzero(matrix)
        assert got["dense"]["links"] == cnn_ref.dense_parameters(n, n - k + 1, bias=False) == matrix.size
    for given in [(14, 96, 40, 3, 12), (7, 8, 16, 1, 4), (28, 64, 8, 5, 128)]:
        side, channels, filters, k, reduced = given
        got = run(tab, "([n, c, f, k, r]) => A.detour(n, c, f, k, r)", list(given))[0]
        assert got["direct"] == cnn_ref.conv_multiplications(side, side, filters, k, channels)
        both = cnn_ref.bottleneck_multiplications(side, side, filters, k, channels, reduced)
        assert got["squeeze"] + got["rest"] == both


def test_descent_is_descent(tab: Page) -> None:
    """Curvatures and losses agree with NumPy's eigenvalues, the reference's rate and a step by step descent."""
    table, target = np.array([[3.0, 4], [18, 3], [9, 2], [14, 4], [6, 2]]), np.array([14.0, 9, 6, 7, 12])
    expression = "([t, y, scale]) => { const b = A.bowl(A.centered(t, scale), y); return [b, A.descend(b, 0.02, 9)]; }"
    for scale in (False, True):
        bowl, path = run(tab, expression, [table.tolist(), target.tolist(), scale])[0]
        data, wanted = table - table.mean(axis=0), target - target.mean()
        data = cnn_ref.standardize(table) if scale else data
        assert bowl["steep"] / bowl["flat"] == pytest.approx(cnn_ref.condition_number(data))
        weights, least = np.zeros(2), np.mean((data @ np.linalg.lstsq(data, wanted, rcond=None)[0] - wanted) ** 2)
        for step in path:
            np.testing.assert_allclose(step["weights"], weights, atol=1e-9)
            assert step["loss"] == pytest.approx(np.mean((data @ weights - wanted) ** 2) - least)
            weights = weights - 0.02 * 2 * data.T @ (data @ weights - wanted) / len(data)


@pytest.mark.parametrize(("image", "weights"), [("corner", "edge"), ("stripe", "numbered")])
def test_the_convolution_on_the_page_is_the_reference(show: Show, image: str, weights: str) -> None:
    """Sliders and choices: the boards agree with cnn_ref, the formula names the size, the sum is the sum."""
    page = show("conv")
    page.locator(f'[data-choice="{image}"]').click()
    page.locator(f'[data-choice="{weights}"]').click()
    plain = np.array(numbers(page, "input"))
    for k, s, p in [(3, 1, 0), (2, 2, 1), (4, 3, 2), (1, 1, 0), (3, 2, 1)]:
        settle(page, filter=k, stride=s, padding=p)
        cells = page.locator('[data-board="filter"] input').evaluate_all("all => all.map(cell => cell.value)")
        weight = np.array([float(cell.replace("−", "-")) for cell in cells]).reshape(k, k)
        wanted = cnn_ref.conv2d(plain[None, None], weight[None, None], None, s, p)[0, 0]
        np.testing.assert_array_equal(numbers(page, "output"), wanted)
        np.testing.assert_array_equal(numbers(page, "input"), np.pad(plain, p))
        expect(page.locator(".formula")).to_contain_text(f"height = ⌊(5 + 2 · {p} − {k}) / {s}⌋ + 1 = {len(wanted)}")
        last = page.locator('[data-board="output"] [role="gridcell"]').last
        last.hover()
        assert np.sum(numbers(page, "products")) == wanted[-1, -1]
        expect(said(page)).to_contain_text(f"= {wanted[-1, -1]:g}.".replace("-", "−"))
        assert page.locator('[data-board="input"] .window').count() == k * k


def test_the_filter_can_be_overwritten(show: Show) -> None:
    """A number typed into the filter counts at once; what is no number is marked and does not count."""
    page = show("conv")
    before = numbers(page, "output")
    cell = page.get_by_label("filter, row 2, column 2")
    cell.fill("-2.5")
    plain, weight = np.array(numbers(page, "input")), np.array([[-1, 0, 1], [-1, -2.5, 1], [-1, 0, 1]])
    wanted = cnn_ref.conv2d(plain[None, None], weight[None, None])[0, 0]
    np.testing.assert_allclose(numbers(page, "output"), wanted)
    assert numbers(page, "output") != before
    cell.fill("two")
    assert cell.get_attribute("aria-invalid") == "true"
    np.testing.assert_allclose(numbers(page, "output"), wanted)


def test_other_pages_agree_with_the_reference(show: Show) -> None:
    """Boards and tables of the other explorers over several settings."""
    page = show("dilation")
    image = np.array(numbers(page, "input"))
    for k, d, p in [(3, 2, 0), (2, 4, 1), (4, 1, 0), (3, 3, 3)]:
        settle(page, filter=k, dilation=d, padding=p)
        wanted = cnn_ref.conv2d(image[None, None], np.ones((1, 1, k, k)), None, 1, p, d)[0, 0]
        np.testing.assert_array_equal(numbers(page, "output"), wanted)
    page = show("pooling")
    for k, s in [(3, 3), (2, 1), (4, 2)]:
        settle(page, window=k, stride=s)
        for kind, pool in (("max", cnn_ref.max_pool2d), ("average", cnn_ref.avg_pool2d)):
            page.locator(f'[data-choice="{kind}"]').click()
            moved = np.array(numbers(page, "input"))[None, None]
            np.testing.assert_allclose(numbers(page, "output"), pool(moved, k, s)[0, 0], atol=0.005)
        page.locator('[data-name="right"]').click()
    page = show("one by one")
    maps = np.array([numbers(page, f"channel{index}") for index in range(3)])
    page.get_by_label("weights, row 1, column 3").fill("4")
    wanted = cnn_ref.conv1x1(maps[None], np.array([[1.0, -2, 4]]))[0, 0]
    np.testing.assert_array_equal(numbers(page, "output"), wanted)
    settle(page, side=20, channels=64, filters=24, filter=5, reduced=8)
    assert page.locator(".bars").get_attribute("data-detour") == str(
        cnn_ref.bottleneck_multiplications(20, 20, 24, 5, 64, 8)
    )
    page = show("receptive field")
    settle(page, size=24, layers=4, k1=5, s1=2, k2=3, k3=2, s3=1, k4=2)
    sees = page.locator("tbody tr td:nth-child(5)").all_inner_texts()
    assert sees == [str(field.size) for field in cnn_ref.receptive_fields([(5, 2), (3, 2), (2, 1), (2, 1)])]


def test_a_shift_is_told(show: Show) -> None:
    """Cells that a shift changes are marked by a sign, and their number is said."""
    page = show("pooling")
    before = np.array(numbers(page, "output"))
    page.locator('[data-name="right"]').click()
    expect(said(page)).to_contain_text("0 of 4 outputs differ")
    page.locator('[data-name="right"]').click()
    changed = int((np.array(numbers(page, "output")) != before).sum())
    assert changed == page.locator(".changed").count() > 0
    expect(said(page)).to_contain_text(f"{changed} of {before.size} outputs differ")


def test_everything_is_reached_by_keyboard(show: Show) -> None:
    """Tab comes to the output once; arrow keys move in it, and what is seen is said."""
    page = show("conv")
    assert page.locator('[data-board="output"] [tabindex="0"]').count() == 1
    page.locator('[data-board="output"] [tabindex="0"]').focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(said(page)).to_contain_text("Output row 3, column 2")
    page.keyboard.press("Home")
    expect(said(page)).to_contain_text("Output row 3, column 1")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.ariaLabel").startswith("filter, row")
    page = show("sharing")
    page.locator('.unit[tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("y4 reads x4, x5 with weights a, b")
    page = show("receptive field")
    page.locator('.unit[tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")
    expect(said(page)).to_contain_text("Unit 1 of layer 2 sees input cells 1 to 4")


def test_play_and_step(show: Show) -> None:
    """Steps go one window on and back; play goes on by itself, quietly, until pause."""
    page = show("conv")
    page.locator('[data-name="next"]').click()
    expect(said(page)).to_contain_text("Output row 2, column 4")
    page.locator('[data-name="previous"]').click()
    page.locator('[data-name="play"]').click()
    expect(said(page)).to_have_attribute("aria-live", "off")
    expect(said(page)).to_contain_text(re.compile("Output row 3, column [1-5]"), timeout=30_000)
    page.locator('[data-name="play"]').click()
    expect(said(page)).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("style", [LIGHT, DARK])
def test_nothing_keeps_anybody_out(show: Show, style: str) -> None:
    """axe-core finds nothing serious or moderate, on a light and on a dark page, all explorers together."""
    page = show(*EXPLORERS, style=style)
    assert page.locator(f'[data-theme="{"light" if style == LIGHT else "dark"}"]').count() == len(EXPLORERS)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found if one["impact"] != "minor"] == []


# Moves a slider, as a hand does, and tells what is then said, what the card shows, and how wide the page is.
MOVE = """(slider, end) => {
    slider.value = slider[end];
    slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    slider.dispatchEvent(new Event("change", { bubbles: true }));
    const card = slider.closest(".card");
    const said = card.querySelector('[role="status"]').innerText;
    return { said, shown: card.innerText, width: document.documentElement.scrollWidth };
}"""


@pytest.mark.parametrize("name", EXPLORERS)
def test_no_setting_breaks_an_explorer(show: Show, name: str) -> None:
    """Each slider at both ends, one after the other and all together: always words, never an error, on a phone, too."""
    page = show(name, width=360)
    sliders = page.locator('input[type="range"]')
    for end in ("min", "max"):
        for index in range(sliders.count()):
            slider = sliders.nth(index)
            if slider.count():
                seen = slider.evaluate(MOVE, end)
                assert len(seen["said"]) > 10
                assert "NaN" not in seen["shown"]
                assert "undefined" not in seen["shown"]
                assert seen["width"] <= 360


def test_several_on_one_page_are_strangers(show: Show) -> None:
    """The same explorer twice: each has a state of its own, and none leaves a name behind."""
    page = show("conv", "conv", "size")
    names = page.evaluate("Object.keys(window).filter((name) => ['A', 'K', 'build'].includes(name))")
    assert names == []
    cards = page.locator(".card")
    assert cards.count() == 3
    cards.nth(0).locator('input[data-name="stride"]').fill("2")
    assert cards.nth(0).locator('[data-board="output"] [role="gridcell"]').count() == 4
    assert cards.nth(1).locator('[data-board="output"] [role="gridcell"]').count() == 12


def test_the_options_of_a_question_are_for_everybody(browser: Browser) -> None:
    """Buttons by keyboard; the chosen one is marked in words; outside Jupyter the line is shown to be copied."""
    context = browser.new_context()
    page = context.new_page()
    for style in (LIGHT, DARK):
        html = choices_html("q01", Letters("abcd", several=True), {"b"})
        page.set_content(
            f'<!doctype html><html lang="en"><title>x</title><body style="{style}"><main><h1>Quiz</h1>{html}'
        )
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] != "minor"] == []
        page.locator('[data-letter="d"]').focus()
        page.keyboard.press("Enter")
        expect(said(page)).to_contain_text('q01 = "bd"')
        page.locator('[data-letter="b"]').click()
        expect(said(page)).to_contain_text('q01 = "d"')
        assert page.locator('[aria-pressed="true"]').count() == 1
    context.close()


def test_without_scripts_there_is_a_picture(browser: Browser) -> None:
    """Where scripts do not run, the picture is seen and described."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content("".join(map(html_of, EXPLORERS)))
    for picture in page.locator("img").all():
        assert (picture.bounding_box() or {})["width"] > 300
        assert "still picture" in (picture.get_attribute("alt") or "")
    context.close()


def test_a_run_notebook_lives_on_as_a_page(browser: Browser, tmp_path: Path) -> None:
    """Run by a kernel, converted by nbconvert, opened without a kernel: the explorers still work."""
    cells = ["from student_kit import explore", 'explore("conv")', 'explore("size"); explore("nothing")']
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(ROOT)}}).execute()
    (tmp_path / "page.html").write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri(), wait_until="commit")
    expect(page.locator(".card")).to_have_count(2, timeout=20_000)
    page.locator('input[data-name="stride"]').first.fill("2")
    assert len(numbers(page, "output")) == 2
    assert "There is no explorer" in json.dumps(notebook.cells[2].outputs)
    context.close()
