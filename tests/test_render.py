"""Hostile text stays words: whatever the renderer writes, parsed again, holds no link, image, HTML or formula."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from evals.measures.inert import alive, nodes, unwrapped
from tutor import render

HOSTILE = (
    "![x](http://evil.example/x.png)",
    "![x](//evil.example/x.png)",
    "![x](data:image/png;base64,AAAA)",
    "![x][ref]\n\n[ref]: http://evil.example/x.png",
    "![ref][]\n\n[ref]: http://evil.example/x.png",
    "![ref]\n\n[ref]: http://evil.example/x.png",
    "[![x](http://evil.example/x.png)](http://evil.example)",
    "![a [nested] b](http://evil.example/x.png)",
    "![x]( <http://evil.example/a b.png> 'title' )",
    "![x\\](http://evil.example/x.png)](http://evil.example/y.png)",
    "!\u200b[x](http://evil.example/x.png)",
    "![x]\u200b(http://evil.example/x.png)",
    "[click](http://evil.example/?q=secret)",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\tscript:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "[click](vbscript:msgbox(1))",
    "[click][ref]\n\n[ref]: javascript:alert(1)",
    "[ref]\n\n[ref]: <http://evil.example> 'title'",
    "[a [b] c](http://evil.example)",
    "[a](http://evil.example 'x)[b](http://evil.example)",
    "<http://evil.example/x>",
    "<someone@evil.example>",
    "http://evil.example/x.png",
    "https://evil.example/?q=secret#x",
    "HTTPS://EVIL.EXAMPLE/x",
    "www.evil.example/x",
    "WWW.evil.example/x and (www.evil.example)",
    "someone@evil.example, mailto:someone@evil.example, xmpp:someone@evil.example/x",
    "**http://evil.example** _www.evil.example_ `x`http://evil.example",
    "ftp://evil.example/x file:///etc/passwd",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='http://evil.example'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "<!-- <img src=x onerror=alert(1)> -->",
    "<![CDATA[<b>x</b>]]>",
    "<?php echo 1 ?>",
    "<details open ontoggle=alert(1)>\n\n![x](http://evil.example/x.png)\n\n</details>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#33;&#91;x&#93;&#40;http://evil.example/x.png&#41;",
    "&colon;red&lsqb;x&rsqb; &dollar;x&dollar; &commat;",
    "$x^2$ and $$\\frac{1}{2}$$",
    "It costs $5 to $10 a month",
    "\\$x\\$ \\\\$y$ `a`$z$",
    "$\\href{javascript:alert(1)}{x}$",
    "\\( x \\) \\[ y \\]",
    "$$\n\\includegraphics{http://evil.example/x.png}\n$$",
    ":red[x] :blue-background[y] :rainbow[z] :small[w] :shimmer[v]",
    ":green-badge[Verified] :primary[x]",
    ":color[x]{foreground='red' background='http://evil.example'}",
    ":help[x] ::leaf[x] \n\n:::container\nx\n:::",
    ":color[x]:color[y]]]:red[",
    ":material/check: :material_check: \\:material/check\\: `:material/check:`",
    ":streamlit: \\:streamlit\\: **:streamlit:**",
    ":tada: :+1: :smile::tada: a:tada:b `:tada:` \\:tada\\:",
    "-> <- <-> -- >= <= ~= x -> y -- z",
    "# Heading\n\n- item\n1. one\n> quote\n---\n===",
    "1. one\n2) two\n+ three\n* four\n- [ ] task",
    "| a | b |\n|---|---|\n| ![x](http://evil.example/x.png) | <b>y</b> |",
    "| a |\n|---|\n| `x|y` \\| $z$ |",
    "```mermaid\ngraph TD; A-->B\n```",
    "```python\n![x](http://evil.example/x.png)\n```\n~~~\n$x$\n~~~",
    "````\n```\n![x](http://evil.example/x.png)",
    "`` ` `` `a\\` ![x](http://evil.example/x.png) `",
    "[^1] and [^1]: ![x](http://evil.example/x.png)",
    "~~strike~~ ==mark== ^sup^ ~sub~",
    "***bold*em**bold **not * closed ____ _a_b_",
    "\u202egnp.x\u202c \u2066x\u2069 \u200fx\u200e",
    "zero\u200bwidth\u200cjoin\u200der\ufeff\u00ad\u2060",
    "tag\U000e0041\U000e0042 variation\ufe0f filler\u3164",
    "nul\x00 bell\x07 escape\x1b[31m delete\x7f next\x85line",
    "line\u2028separator\u2029paragraph\x0bvertical\x0cform",
    "surrogate \ud800 and \udfff",
    "⧼⧽⦃⦄⟦⟧⸨⸩",
    "&#x29fc;&#x29fd; &#x202e;x &#0; &NegativeMediumSpace;",
    "\\",
    "ends with a backslash\\\nand goes on\\",
    "",
    " \t\n ",
)
"""Spellings that a renderer of Markdown, HTML or Streamlit's own syntax would act on."""

WORDED_NODES = ("text", "code_inline", "fence")
PARTED_NODES = ("softbreak", "hardbreak", "paragraph", "th", "td", "list_item", "heading")


def shown(markdown: str) -> str:
    """The words that rendered text shows."""
    text = ""
    for node in nodes(unwrapped(markdown)[0]):
        text += node.content if node.type in WORDED_NODES else " " if node.type in PARTED_NODES else ""
    return " ".join(text.split())


def check_inert(markdown: str) -> None:
    """Fail where rendered text holds anything but words in allowed blocks."""
    assert alive(markdown) == [], markdown


def rendered(text: str) -> Iterator[str]:
    """A text through each function that renders untrusted text."""
    middle = (len(text) // 3, 2 * len(text) // 3)
    yield from (render.plain(text), render.plain(text, 12), render.inline(text), render.inline(text, 12), render.strong(render.inline(text)))
    yield from (render.trail([text, text]), render.item(render.words(text, True)), render.item(render.words(text, False), 3))
    yield render.table([render.inline(text), render.plain("x")], [[render.plain(text), render.inline(text)]])
    for markdown in (True, False):
        yield from (render.excerpt(text, (), markdown), render.excerpt(text, [middle], markdown), render.excerpt(text, [(0, len(text))], markdown))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert(text: str) -> None:
    for markdown in rendered(text):
        check_inert(markdown)


@pytest.mark.parametrize("text", HOSTILE)
def test_one_line_is_one_line_and_never_empty(text: str) -> None:
    for line in (render.plain(text), render.inline(text), render.literal(text), render.words(text, False), render.trail([text])):
        assert "\n" not in line
        assert line.strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_shows_every_visible_character(text: str) -> None:
    assert shown(render.plain(text)) == render.literal(text)


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("ab1 \n*_`[]()!<>&$:~@.#|-+\\/{}=wmhtp\u200b\u202e⧼⧽"), max_size=60))
@example("a**b** **c***d* e")
@example("**a**b **`x`**y ***z***")
def test_any_text_is_inert_and_keeps_its_words(text: str) -> None:
    for markdown in rendered(text):
        check_inert(markdown)
    assert shown(render.plain(text)) == render.literal(text)
    marked = shown(render.excerpt(text, [(len(text) // 2, len(text))], markdown=False))
    assert marked == (render.literal(text) if render.literal(text) != "(no name)" else "")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["word ", "a", "**", "*", "b ", "`c`", "\n", ", ", "(d)"]), max_size=14).map("".join))
def test_markdown_shows_the_words_that_a_parser_reads(text: str) -> None:
    inert = MarkdownIt("commonmark", {"html": False}).disable(["autolink", "html_block", "html_inline", "reference"])
    tree = SyntaxTreeNode(inert.parseInline(" ".join(text.split())))
    read = "".join(n.content if n.type in WORDED_NODES else " " if n.type in PARTED_NODES else "" for n in tree.walk())
    expected = " ".join(read.split()) or render.literal(text)
    assert shown(render.inline(text)) == expected


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("One two. Three four. Five.", "Three four.", "One two\\. :yellow-background[Three four\\.] Five\\."),
        ("A **bold** word", "**bold** word", "A :yellow-background[**bold** word]"),
        ("- one\n- two", "two", "- one\n- :yellow-background[two]"),
        ("- one\n- two", "- two", "- one\n- :yellow-background[two]"),
        ("# Head\n\nText", "# Head", "### :yellow-background[Head]\n\nText"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "1 | 2", "| a | b |\n| --- | --- |\n| :yellow-background[1] | :yellow-background[2] |"),
        ("one\n\ntwo\n\nthree", "one\n\ntwo", ":yellow-background[one]\n\n:yellow-background[two]\n\nthree"),
        ("use `a|b` here", "`a|b` here", "use :yellow-background[\\`a\\|b\\` here]"),
        ("see [x](http://e.example) now", "x", "see :yellow-background[x] \\(http:color[\\:]\\/\\/e\\.example\\) now"),
        ("takes ⧼ and ⧽ too", "and", "takes ⧼ :yellow-background[and] ⧽ too"),
    ],
)
def test_a_quote_is_highlighted_where_it_stands(text: str, quote: str, expected: str) -> None:
    start = text.index(quote)
    assert render.excerpt(text, [(start, start + len(quote))]) == expected.replace("\\`a\\|b\\`", "a\\|b")


def test_blocks_of_markdown_keep_their_form() -> None:
    note = "Lead.\n\n1. first\n2. second\n   - nested\n\n```python\nx = '$y$'\n```\n\n> said\n\n---\n\nEnd"
    assert render.excerpt(note) == "Lead\\.\n\n1. first\n2. second\n   - nested\n\n```python\nx = '$y$'\n```\n\nsaid\n\nEnd"


def test_plain_text_keeps_its_lines() -> None:
    assert render.excerpt("2*3*4\n  # no heading\n\nnext", markdown=False) == "2\\*3\\*4\\\n\\# no heading\n\nnext"


def test_links_and_images_become_words() -> None:
    assert render.inline("[docs](https://a.example/x)") == "docs \\(https:color[\\:]\\/\\/a\\.example\\/x\\)"
    assert render.inline("[x](javascript:alert)") == "x"
    assert render.inline("![a chart](http://a.example/x.png)") == "\\(image\\: a chart\\)"
