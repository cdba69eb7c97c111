"""Code blocks, coloured by class names only."""

from __future__ import annotations

from functools import cache

from django.utils.html import escape
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexer import Lexer  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]

# What people paste into a help desk. Not all lexers are linear: 8 KB of "a" lines keeps C#'s
# busy for 11 s, and C, C++, Java and console are little better, so they stay without colours.
LANGUAGES = {
    "bash": "bash",
    "console": "bash",
    "css": "css",
    "diff": "diff",
    "django": "django",
    "docker": "docker",
    "dockerfile": "docker",
    "go": "go",
    "html": "html",
    "http": "http",
    "ini": "ini",
    "javascript": "javascript",
    "js": "javascript",
    "json": "json",
    "kotlin": "kotlin",
    "php": "php",
    "powershell": "powershell",
    "ps1": "powershell",
    "python": "python",
    "py": "python",
    "ruby": "ruby",
    "rust": "rust",
    "sh": "bash",
    "shell": "bash",
    "sql": "sql",
    "toml": "toml",
    "ts": "typescript",
    "typescript": "typescript",
    "xml": "xml",
    "yaml": "yaml",
    "yml": "yaml",
}
# In one text; more code is shown without colours. Some of the lexers above are quadratic too.
MAX_COLOURED = 4_000


def code_block(source: str, language: str) -> str:
    name = LANGUAGES.get(language.lower())
    if name is None or len(source) > MAX_COLOURED:
        return f"<pre><code>{escape(source)}</code></pre>"
    coloured = highlight(source, _lexer(name), HtmlFormatter(nowrap=True))
    return f'<pre><code class="language-{name}">{coloured}</code></pre>'


@cache
def _lexer(name: str) -> Lexer:
    # stripnl would drop the blank lines that people put at the start of code.
    return get_lexer_by_name(name, stripnl=False)
