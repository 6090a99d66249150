"""Whether the harness sees what it should: mutants and twins, bad answers, removed guards, planted regressions, the same bytes twice."""
