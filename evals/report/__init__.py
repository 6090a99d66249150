"""A comparison in, reports out: for a terminal, a pull request, annotations of code, a test reporter and a browser.

Each module is one of them; `words` and `difference` say once what all of them say. Questions, answers and notes are hostile text
in every one: they end as words, never as markup, a command or a control character.
"""
