"""Reader of plan documents in the layout of 小山市's 情報化基本計画: one table (施策表) per project."""

from madoguchi.plan.plugins.oyama.reader import OyamaReader

__all__ = ["OyamaReader"]
