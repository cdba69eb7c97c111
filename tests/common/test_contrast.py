"""The colours of tokens.css are readable, computed as WCAG 2 does it."""

from __future__ import annotations

import re
from math import cos, radians, sin
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TEXT, EDGE = 4.5, 3.0

# What stands on what, and how much it must stand out.
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in ("ground", "surface")],
    *[
        ("ink-3", tint, TEXT)
        for tint in ("sunken", "raised", "ok-tint", "wait-tint", "bad-tint", "info-tint", "note")
    ],
    ("line-strong", "surface", EDGE),
    ("line-strong", "ground", EDGE),
    ("rule", "ground", EDGE),
    *[("action", on, TEXT) for on in ("surface", "ground", "raised", "action-tint")],
    ("action-hover", "surface", TEXT),
    ("action-hover", "action-tint", TEXT),
    ("on-action", "action", TEXT),
    ("on-action", "action-hover", TEXT),
    ("here", "band", TEXT),
    ("on-here", "here", TEXT),
    ("band-ink", "band", TEXT),
    ("band-ink-2", "band", TEXT),
    *[
        (kind, on, TEXT)
        for kind in ("article", "question", "case", "idea", "incident", "announcement")
        for on in ("ground", "surface")
    ],
    *[
        (tone, on, TEXT)
        for tone in ("ok", "wait", "bad", "info")
        for on in (f"{tone}-tint", "surface", "ground")
    ],
    ("on-p1", "p1-fill", TEXT),
    ("p2", "surface", TEXT),
    ("ink", "note", TEXT),
    ("ink", "action-tint", TEXT),
    ("note-line", "surface", EDGE),
]

Colour = tuple[float, float, float]
_OKLCH = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"


def _tokens() -> tuple[dict[str, Colour], dict[str, Colour], dict[str, Colour]]:
    """The plain values, and the two sides of light-dark()."""
    text = (CSS / "tokens.css").read_text()
    plain = {name: _colour(*rest) for name, *rest in re.findall(rf"--([\w-]+): {_OKLCH};", text)}
    light, dark = dict(plain), dict(plain)
    both = rf"--([\w-]+): light-dark\({_OKLCH}, {_OKLCH}\);"
    for name, *numbers in re.findall(both, text):
        light[name], dark[name] = _colour(*numbers[:3]), _colour(*numbers[3:])
    return plain, light, dark


def _colour(lightness: str, chroma: str, hue: str) -> Colour:
    return float(lightness), float(chroma), float(hue)


def _luminance(colour: Colour) -> float:
    red, green, blue = _linear_rgb(colour)
    return 0.2126 * _clip(red) + 0.7152 * _clip(green) + 0.0722 * _clip(blue)


def _linear_rgb(colour: Colour) -> Colour:
    lightness, chroma, hue = colour
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))


def _contrast(one: Colour, other: Colour) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PLAIN, LIGHT, DARK = _tokens()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_a_pair_is_readable(theme: str, ink: str, ground: str, least: float) -> None:
    colours = LIGHT if theme == "light" else DARK
    assert _contrast(colours[ink], colours[ground]) >= least


def test_links_of_the_editing_area_are_readable_in_the_dark() -> None:
    """Wagtail's lightest dark ground is #333; its own mix of our action had 2:1 on it."""
    text = (CSS / "editing.css").read_text()
    found = re.findall(rf"--w-color-secondary-(?:100|75): {_OKLCH};", text)
    assert len(found) == 4, "chosen by the person, and by the system"
    assert all(_contrast(_colour(*one), (0.321, 0, 0)) >= TEXT for one in found)


def test_the_computation_knows_black_on_white() -> None:
    assert _contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)


def test_a_browser_without_light_dark_gets_the_light_theme() -> None:
    assert PLAIN == LIGHT
    assert LIGHT != DARK


def test_every_colour_lies_within_srgb() -> None:
    for colours in (LIGHT, DARK):
        for name, colour in colours.items():
            assert all(-0.002 <= part <= 1.002 for part in _linear_rgb(colour)), name


def test_the_styles_of_every_page_weigh_under_60_kib() -> None:
    sheets = ("tokens", "base", "layout", "components", "utilities")
    assert sum((CSS / f"{name}.css").stat().st_size for name in sheets) < 60 * 1024
