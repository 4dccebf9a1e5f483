"""Third-party files are exactly those the manifest names, with their licences."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

STATIC = Path(__file__).resolve().parent.parent / "static"
VENDOR = STATIC / "vendor"
PACKAGES = json.loads((VENDOR / "VENDOR.json").read_text(encoding="utf-8"))
ICON = re.compile(r"""(?:\{% icon|components\.icon\(|symbol=|"icon":) ?["']([a-z0-9-]+)["']""")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_hashes_and_licences(package):
    for name, digest in package["files"].items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
        assert f"/{package['version']}/" in name
    assert "Permission is hereby granted" in (VENDOR / package["licence_file"]).read_text(encoding="utf-8")


def test_nothing_unlisted():
    listed = {name for package in PACKAGES for name in [*package["files"], package["licence_file"]]} | {"VENDOR.json"}
    assert {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} == listed


def test_manifest_storage_finds_no_missing_reference():
    assert b"sourceMappingURL" not in (VENDOR / "tabler-core/1.6.1/tabler.min.css").read_bytes()


def test_no_font_and_no_foreign_origin_reaches_the_browser():
    for path in STATIC.rglob("*"):
        assert path.suffix not in {".woff", ".woff2", ".ttf", ".otf"}
        if path.suffix in {".css", ".js"}:
            text = path.read_text(encoding="utf-8")
            assert "@import" not in text
            assert not re.search(r"""url\(["']?(?:https?:)?//""", text)


def test_every_icon_used_is_in_the_sprite():
    symbols = set(PACKAGES[1]["symbols"])
    package = STATIC.parents[2]
    used = {
        name
        for path in package.rglob("*")
        if path.suffix in {".py", ".html"} and "tests" not in path.parts
        for name in ICON.findall(path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= symbols, sorted(used - symbols)


def test_static_files_survive_being_hashed(site, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    storage = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {"staticfiles": {"BACKEND": storage}}
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    assert {"yg/yg.css", "yg/source.js", "vendor/tabler-core/1.6.1/tabler.min.css"} <= names.keys()
