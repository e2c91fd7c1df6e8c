"""Printed publications of a plan: the book, the yearly report and the overview as PDF, typeset with typst."""
