"""Disaster and crisis reports by satellite (QZSS 災害・危機管理通報サービス「災危通報」): the same telegrams, shorter."""

from .reading import SatelliteReport, read_report

__all__ = ["SatelliteReport", "read_report"]
