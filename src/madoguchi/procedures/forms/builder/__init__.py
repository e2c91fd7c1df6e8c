"""The builder's forms: which properties a definition has, how they are asked, read and named."""
