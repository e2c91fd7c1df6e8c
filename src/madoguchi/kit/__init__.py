"""Pure helpers that every room may use: fiscal years, eras, ages, check digits, names, money, ids, decision tables."""
