"""Reader of plan documents in the layout of 平塚市デジタル化基本方針: policies, groups, bulleted initiatives."""

from madoguchi.plan.plugins.hiratsuka.reader import HiratsukaReader

__all__ = ["HiratsukaReader"]
