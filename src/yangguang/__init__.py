"""Yangguang 阳光: open and accountable government, built on one ledger of cases."""

__version__ = "0.1.0"
