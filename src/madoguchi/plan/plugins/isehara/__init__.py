"""The reader of the Isehara family: sheets titled 取組 / 取組番号 under 基本方針 headings."""

from madoguchi.plan.plugins.isehara.reader import IseharaReader

__all__ = ["IseharaReader"]
