"""わたしの手続: a person's drafts, applications and what waits for them, with an account or with a number and its secret."""
