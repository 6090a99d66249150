"""How the page of a comparison looks: one style sheet, light and dark. Constants only."""

from __future__ import annotations

from typing import Final

LIGHT: Final = {
    "paper": "#fdfcfa",
    "panel": "#f3f1ec",
    "ink": "#22262b",
    "soft": "#55585c",
    "rule": "#dcd8cf",
    "blue": "#1f5a7a",
    "good": "#1d6b3a",
    "bad": "#a3271b",
    "added": "#d8efdf",
    "dropped": "#fbdeda",
}
DARK: Final = {
    "paper": "#17191c",
    "panel": "#212428",
    "ink": "#e7e5e0",
    "soft": "#b9bcc0",
    "rule": "#3a3e44",
    "blue": "#7db8d8",
    "good": "#7fd39b",
    "bad": "#ff9d8f",
    "added": "#1d3f2a",
    "dropped": "#542722",
}


def _colours(named: dict[str, str]) -> str:
    return "".join(f"--{name}: {value}; " for name, value in named.items())


_RULES: Final = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
main { max-width: 70rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem; }
h1, h2 { font-family: Georgia, "Times New Roman", serif; font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 1.1rem + 2vw, 2.3rem); margin: .2rem 0 1rem; max-width: 46rem; }
h2 { font-size: 1.4rem; margin: 3.2rem 0 .9rem; }
h3, h4 { font-size: 1rem; font-weight: 600; line-height: 1.4; margin: 0; }
p { margin: .4rem 0; max-width: 46rem; }
a { color: inherit; }
code { font: .85em/1.4 ui-monospace, "SFMono-Regular", Consolas, "Liberation Mono", monospace; }
small, .quiet, .key, .meta, .again, .scores { color: var(--soft); }
small { font-size: .8rem; font-weight: 400; }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.kicker { color: var(--soft); font-size: .85rem; letter-spacing: .04em; }
h1.fails::before, h1.holds::before { content: ""; display: inline-block; width: .55em; height: .55em; border-radius: 50%; margin-right: .45em; background: var(--good); }
h1.fails::before { background: var(--bad); }
header p { color: var(--soft); }

.tally { list-style: none; display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; margin: 1.4rem 0 0; }
.tally a { display: block; min-width: 5.6rem; padding: .5rem .9rem .6rem; border: 1px solid var(--rule); border-radius: .5rem; text-decoration: none; font-size: .9rem; }
.tally a:hover { border-color: var(--blue); }
.tally b { display: block; font: 600 1.5rem/1.25 Georgia, "Times New Roman", serif; font-variant-numeric: lining-nums tabular-nums; }
.tally a[href="#broken"] b { color: var(--bad); }
.tally a[href="#mended"] b { color: var(--good); }

.findings { list-style: none; padding: 0; margin: 0 0 1rem; }
.findings li { padding: .45rem 0 .45rem 5.6rem; border-top: 1px solid var(--rule); position: relative; }
.findings li:last-child { border-bottom: 1px solid var(--rule); }
.findings b { position: absolute; left: 0; font-weight: 600; color: var(--soft); }
.findings b.fails { color: var(--bad); }
.findings .quiet { font-size: .85rem; }

table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; position: relative; }
th, td { padding: .4rem .8rem .4rem 0; text-align: right; vertical-align: top; border-top: 1px solid var(--rule); white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border: 0; font-size: .8rem; font-weight: 400; color: var(--soft); }
th:first-child, td.plot, thead th:nth-child(2) { text-align: left; }
tbody th { font-weight: 400; white-space: normal; overflow-wrap: break-word; }
.figures tbody th small { display: block; max-width: 24rem; line-height: 1.35; }
.figures td small { display: block; color: inherit; }
.suite th { padding-top: 1.4rem; border: 0; font-weight: 600; }
td.now { font-weight: 600; }
td.was, td.error, td.count, td.same { color: var(--soft); }
td.worse { color: var(--bad); font-weight: 600; }
td.better { color: var(--good); font-weight: 600; }

svg { display: block; overflow: visible; max-width: 100%; }
svg .grid { stroke: var(--rule); }
svg line.before, circle.before { stroke: var(--soft); stroke-width: 1.5; fill: none; }
circle.before { fill: var(--paper); }
svg line.now { stroke: var(--blue); stroke-width: 2; }
circle.now { fill: var(--blue); }
svg text { font-size: 10px; fill: var(--soft); }
.track { fill: var(--rule); }
.bar { fill: var(--blue); }
svg .mark { stroke: var(--ink); stroke-width: 2; }
.dot { color: var(--blue); }

details > summary { cursor: pointer; }
.slices { border-top: 1px solid var(--rule); padding: .5rem 0; }
.slices > summary h3 { display: inline; }
.slices td:first-of-type { vertical-align: middle; width: 40%; }
.slices svg { width: 100%; height: 10px; }
.slices .moved { font-weight: 600; }

.card { border: 1px solid var(--rule); border-radius: .6rem; margin: 0 0 .8rem; padding: 0 1.2rem; }
.card > summary { list-style: none; position: relative; padding: .8rem 1.6rem .8rem 0; }
.card > summary::-webkit-details-marker { display: none; }
.card > summary::after { content: "+"; position: absolute; right: 0; top: .8rem; color: var(--soft); }
.card[open] > summary::after { content: "\\2212"; }
.card[open] { padding-bottom: .8rem; }
.happened { margin: .15rem 0 0; }
#broken .happened { color: var(--bad); }
#mended .happened { color: var(--good); }
#broken .happened.quiet, #mended .happened.quiet, .happened.quiet { color: var(--soft); }
.meta, .again, .scores { font-size: .85rem; }
.meta code { margin-right: .4rem; color: var(--ink); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 2rem; margin: .8rem 0; align-items: start; }
.side { min-width: 0; background: var(--panel); border-radius: .5rem; padding: .8rem 1rem; height: 100%; }
.side h4 { margin-bottom: .4rem; }
.side h4 .outcome { font-weight: 400; color: var(--soft); font-size: .85rem; }
.side ol { margin: 0; padding: 0; list-style: none; }
.side li + li { border-top: 1px solid var(--rule); margin-top: .6rem; padding-top: .6rem; }
.said { margin: 0; }
.rests { margin: .2rem 0 0; font-size: .82rem; line-height: 1.5; color: var(--soft); }
.verdict { border: 1px solid var(--rule); border-radius: .25rem; padding: 0 .3rem; white-space: nowrap; }
.verdict.other { color: var(--ink); border-color: var(--soft); }
cite { font-style: normal; text-decoration: underline; text-decoration-color: var(--rule); text-underline-offset: .15em; }
q { color: var(--ink); }
del { background: var(--dropped); text-decoration: line-through; text-decoration-thickness: 1px; border-radius: .15em; padding: .05em .1em; }
ins { background: var(--added); text-decoration: none; box-shadow: inset 0 -1px 0 var(--good); border-radius: .15em; padding: .05em .1em; }
.still > summary { padding: .8rem 0; }
.known > summary { padding: .3rem 0; margin-bottom: .8rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1.2rem; }
dd { margin: 0; }

@media (max-width: 44rem) {
  main { padding: 1.6rem 1rem 3rem; }
  .card { padding: 0 .9rem; }
  .side { padding: .7rem .8rem; }
  .figures thead { display: none; }
  .figures tr { display: grid; grid-template-columns: auto auto 1fr; gap: .1rem 1rem; padding: .6rem 0; border-top: 1px solid var(--rule); align-items: baseline; }
  .figures tr.suite { border: 0; padding: 1rem 0 .2rem; }
  .figures :is(th, td) { border: 0; padding: 0; text-align: left; }
  .figures th, .figures .plot { grid-column: 1 / -1; }
  .figures .was::before { content: "before "; font-weight: 400; }
  .figures .now::before { content: "now "; font-weight: 400; color: var(--soft); }
  .figures .error, .figures .count { font-size: .85rem; }
  .figures .error::before { content: "s.e. "; }
  .figures .count::before { content: "n "; }
  .figures td small { display: inline; }
  .slices td:first-of-type { width: 25%; }
  .findings li { padding-left: 0; }
  .findings b { position: static; }
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .6rem; }
}
@media print { details:not([open]) > *:not(summary) { display: none; } .card { break-inside: avoid; } }
"""
STYLE: Final = f":root {{ color-scheme: light dark; {_colours(LIGHT)}}}\n@media (prefers-color-scheme: dark) {{ :root {{ {_colours(DARK)}}} }}\n{_RULES}"
