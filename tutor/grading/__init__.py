"""A question and a learner's answer in, a grade out: by the key where there is one, else point by point."""
