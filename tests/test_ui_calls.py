"""The pages give Streamlit nothing but literals of ours, numbers and what the renderer wrote: read from their source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "app.py", *sorted((ROOT / "tutor" / "ui").glob("*.py"))]

WORDED = frozenset(
    "badge button caption chat_input chat_message checkbox code container_title dialog download_button error expander file_uploader header help html info json latex link_button "
    "markdown metric number_input page_link Page pills popover progress radio segmented_control selectbox set_page_config spinner status subheader success tab table text text_area "
    "text_input title toast toggle warning write write_stream logo".split()
)
TEXTS = frozenset("label body text help title placeholder options page_title captions icon".split())
FIRST_IS_TEXT = WORDED - {"progress", "page_link", "Page"}
UNMISTAKABLE = WORDED - {"code", "error", "header", "help", "html", "info", "json", "status", "table", "text", "title", "warning", "write", "Page", "tab"}


def safe_functions() -> set[str]:
    """The pages' own functions that return rendered text; mypy holds them to it."""
    trees = [ast.parse(page.read_text(encoding="utf-8")) for page in PAGES]
    return {n.name for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.returns and ast.unparse(n.returns) == "render.Safe"}


def safe_names(scope: ast.AST) -> set[str]:
    """Names that are only ever assigned safe expressions within a function or module."""
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    arguments = [a for node in ast.walk(scope) if isinstance(node, ast.arguments) for a in [*node.args, *node.kwonlyargs]]
    found = {a.arg for a in arguments if a.annotation and ast.unparse(a.annotation) == "render.Safe"}
    for _ in range(3):
        found |= {name for name, values in assigned.items() if all(is_safe(v, found) for v in values)}
    return found


SAFE_FUNCTIONS = safe_functions()


def is_safe(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is made of literals of ours, numbers and output of the renderer."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name.isupper() or (isinstance(node, ast.Name) and name in names)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called == "render.Safe":
            return all(is_safe(argument, names) for argument in node.args)
        return called.startswith("render.") or called == "len" or called.rsplit(".", 1)[-1] in SAFE_FUNCTIONS
    if isinstance(node, ast.JoinedStr):
        return all(is_safe(part, names) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        numeric = isinstance(node.format_spec, ast.JoinedStr) and re.fullmatch(r",|\.\d+f|d", ast.unparse(node.format_spec)[2:-1] or "")
        return bool(numeric) or is_safe(node.value, names)
    if isinstance(node, ast.IfExp):
        return is_safe(node.body, names) and is_safe(node.orelse, names)
    if isinstance(node, ast.BoolOp):
        return all(is_safe(value, names) for value in node.values)
    if isinstance(node, ast.BinOp):
        return is_safe(node.left, names) and (isinstance(node.op, ast.Mult) or is_safe(node.right, names))
    if isinstance(node, ast.Subscript):
        return is_safe(node.value, names)
    return isinstance(node, ast.List | ast.Tuple) and all(is_safe(part, names) for part in node.elts)


def unsafe_calls(source: str) -> list[str]:
    """The calls that give Streamlit text which did not come from the renderer, with their lines."""
    tree = ast.parse(source)
    scopes = [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))]
    trusted = {id(call): safe_names(scope) for scope in scopes for call in ast.walk(scope) if isinstance(call, ast.Call)}
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        base, name = ast.unparse(call.func.value), call.func.attr
        if not ((base == "st" and name in WORDED) or (base != "render" and name in UNMISTAKABLE)):
            continue
        given_texts = call.args[:1] if name in FIRST_IS_TEXT else []
        given_texts += [keyword.value for keyword in call.keywords if keyword.arg in TEXTS or keyword.arg is None]
        found += [f"line {call.lineno}: {ast.unparse(call)}" for given_text in given_texts if not is_safe(given_text, trusted[id(call)])]
        allows = [k for k in call.keywords if k.arg and k.arg.startswith("unsafe_allow")]
        found += [f"line {call.lineno}: {ast.unparse(call)}" for _ in allows]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_pages_show_rendered_text_only(page: Path) -> None:
    assert unsafe_calls(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "st.markdown(answer.question)",
        "st.write(f'Asked: {question}')",
        "st.button(note.title)",
        "column.caption('x' + name)",
        "st.expander(label=title)",
        "bar.progress(0.5, text=phase)",
        "st.page_link('x.py', label=heading)",
        "st.markdown('x', unsafe_allow_html=True)",
        "st.markdown(**options)",
        "text = note.text\nst.error(text)",
        "st.toast(str(error))",
        "st.caption(render.Safe(note.title))",
        "st.caption(note.TITLE.lower())",
    ],
)
def test_an_unrendered_call_is_found(planted: str) -> None:
    assert unsafe_calls(planted)


def test_streamlit_is_called_by_the_pages_only() -> None:
    for folder in ("tutor", "ingest", "evals"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            names = {alias.name.split(".")[0] for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Import) for alias in n.names}
            names |= {str(n.module).split(".")[0] for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.ImportFrom)}
            assert "streamlit" not in names or path in PAGES, path


def test_streamlit_has_one_name() -> None:
    for page in PAGES:
        for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not str(node.module).startswith("streamlit"), page
            if isinstance(node, ast.Import):
                assert all(alias.asname == "st" for alias in node.names if alias.name.startswith("streamlit")), page
