"""How the app looks: its mark, and the few rules that the theme in `.streamlit/config.toml` cannot say. Constants only."""

from __future__ import annotations

from typing import Final

_MARK: Final = '<rect width="64" height="64" rx="14" fill="#1f5a7a"/><path d="M14 24h24M14 37h36M14 50h26" stroke="#fdfcfa" stroke-width="6" stroke-linecap="round"/><path d="M46 14l6-4v16" fill="none" stroke="#ffd866" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>'
ICON: Final = f'<svg viewBox="0 0 64 64">{_MARK}</svg>'
"""The mark in the browser's tab; an icon by name would be fetched from the network."""
LOGO: Final = (
    f'<svg viewBox="0 0 292 64">{_MARK}<text x="80" y="47" font-family="Georgia, serif" font-size="44" font-weight="600" fill="#4a8fb3">Footnote</text></svg>'
)

STYLE: Final = """<style>
[data-testid="stMainBlockContainer"] { max-width: 46rem; padding: 4.5rem 1.25rem 3rem; }
[data-testid="stBottomBlockContainer"] { max-width: 46rem; padding: .5rem 1.25rem 1.25rem; }
[data-testid="stMarkdownContainer"] { overflow-wrap: anywhere; }
[data-testid="stMarkdownContainer"] p, [data-testid="stMarkdownContainer"] li { line-height: 1.6; }
[data-testid="stMarkdownContainer"] table { display: block; max-width: 100%; overflow-x: auto; font-size: .92rem; }
[data-testid="stMarkdownContainer"] :is(td, th) { overflow-wrap: normal; min-width: 3.5rem; vertical-align: top; }
[data-testid="stMarkdownContainer"] span.stMarkdownColoredBackground { padding: .1em .05em; border-radius: .15em; }
[data-testid="stMarkdownContainer"] span.stMarkdownColoredBackground code { background: none; }
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] { background: none; position: relative; left: -.5rem; }
[data-testid="stMain"] [data-testid="stPageLink-NavLink"]:hover { background: rgb(128 128 128 / .14); }
[data-testid="stHeader"] { background: light-dark(#fdfcfa, #17191c); }
.st-key-nav { position: fixed; top: 1.2rem; right: 1.5rem; z-index: 999990; width: auto; }
[data-testid="stMain"] .st-key-nav [data-testid="stPageLink-NavLink"] { padding: .25rem .6rem; left: 0; }
.st-key-nav strong { font-weight: 700; }
[data-testid="stPageLink-NavLink"]:focus-visible { outline: 2px solid; outline-offset: 1px; }
[data-testid="stPageLink-NavLink"] span { white-space: normal; }
[data-testid="stPageLink-NavLink"] p { font-weight: 400; }
[data-testid="stChatMessage"]:has(> [aria-label="Chat message from user"]) { background: color-mix(in srgb, currentColor 5%, transparent); }
[class*="st-key-lead-"] [data-testid="stMarkdownContainer"] p { font-size: 1.125rem; line-height: 1.55; font-weight: 500; }
[class*="st-key-label-"] [data-testid="stMarkdownContainer"] { margin: .5rem 0 0; }
[class*="st-key-label-"] [data-testid="stMarkdownContainer"] p { font-size: .875rem; line-height: 1.4; margin: 0; opacity: .85; }
[data-testid="stCaptionContainer"] { color: inherit; opacity: .78; }
[data-testid="stExpander"] summary { opacity: .85 !important; }
[data-testid="stVegaLiteChart"] text { fill: currentColor; }
[class*="st-key-turn-"] { scroll-margin-top: 4.25rem; }
[data-testid="stApp"] ::placeholder { color: color-mix(in srgb, currentColor 72%, transparent); opacity: 1; }
[class*="st-key-said-"] :is(ul, ol, li, p), [class*="st-key-said-"] [data-testid="stMarkdownContainer"] { margin-top: 0; margin-bottom: 0; }
[class*="st-key-chip-"] button { min-height: 1.65rem; min-width: 2rem; padding: 0 .3rem; border-radius: .5rem; line-height: 1; background: color-mix(in srgb, currentColor 7%, transparent); }
[class*="st-key-chip-"] button p { font-size: .8rem; font-weight: 600; font-variant-numeric: tabular-nums; }
[class*="st-key-mark-"] { min-width: 2rem; text-align: center; }
[class*="st-key-mark-"] [data-testid="stMarkdownContainer"] p { font-size: .8rem; font-weight: 600; line-height: 1.65rem; font-variant-numeric: tabular-nums; opacity: .7; }
[class*="st-key-writing-"] { border-top: 1px solid color-mix(in srgb, currentColor 14%, transparent); padding-top: .5rem; }
.st-key-by [data-testid="stMarkdown"] p { font-size: .875rem; animation: footnote-writing 2.4s ease-in-out infinite; }
@keyframes footnote-writing { 50% { opacity: .62; } }
@media (prefers-reduced-motion: reduce) { .st-key-by [data-testid="stMarkdown"] p { animation: none; opacity: .8; } }
[data-testid="stSidebar"] :is(.st-key-model, .st-key-spent) [data-testid="stMarkdownContainer"]:not([data-testid="stCaptionContainer"]) p { font-size: .9rem; }
[data-testid="stSidebar"] [data-testid="stCaptionContainer"] p { font-size: .82rem; line-height: 1.5; }
[class*="st-key-nearest-"] { border-left: 3px solid color-mix(in srgb, currentColor 25%, transparent); padding-left: 1rem; }
:is([data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"]) { color: light-dark(#ffffff, #17191c); }
[class*="st-key-choices-"] label { padding: .3rem 0; }
[class*="st-key-choices-"] label p { font-size: 1rem; }
[class*="st-key-hint-"] [data-testid="stMarkdownContainer"] { margin: 0; }
@media (hover: none) { [class*="st-key-hint-"] { display: none; } }
@media (max-width: 640px) {
  .st-key-nav { right: .5rem; }
  .st-key-nav { gap: 0; }
  [data-testid="stMain"] .st-key-nav [data-testid="stPageLink-NavLink"] { padding: .25rem .45rem; gap: 0; }
  .st-key-nav [data-testid="stIconMaterial"] { display: none; }
  [class*="st-key-hint-"] { display: none; }
  [data-testid="stApp"]:has([data-testid="stSidebar"][aria-expanded="true"]) .st-key-nav { visibility: hidden; }
  [data-testid="stMainBlockContainer"] { padding: 4rem .9rem 2rem; }
  [data-testid="stBottomBlockContainer"] { padding: .4rem .9rem .8rem; }
  [data-testid="stChatMessageAvatarCustom"] { display: none; }
  [data-testid="stChatMessage"] { padding-left: .25rem; padding-right: .25rem; }
  [data-testid="stChatMessage"]:has(> [aria-label="Chat message from user"]) { padding-left: .9rem; }
}
</style>"""
