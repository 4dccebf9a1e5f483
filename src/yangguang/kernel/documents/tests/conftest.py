"""A folder of its own for the files and keys of each test."""

from __future__ import annotations

import copy

import pytest


@pytest.fixture(autouse=True)
def file_root(settings, tmp_path):
    """Keep files and keys under the test's own folder."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"]["location"] = tmp_path / "files"
    settings.STORAGES = storages
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"
