"""The reader of the Odawara family: sheets of 事業名, 全体計画目標 and 主な取り組み under numbered 施策."""

from madoguchi.plan.plugins.odawara.reader import OdawaraReader

__all__ = ["OdawaraReader"]
