"""
Reader of the ICT strategies (ICT総合戦略) of Sagamihara.

Its layout: a chapter that looks back on the previous plan (前計画の振り返り), goals with measures and their target values
(施策目標値), and a list of project sheets (事業一覧) with yearly actions (行動目標) and outcome indicators (成果指標).
"""

from .reader import SagamiharaReader

__all__ = ["SagamiharaReader"]
