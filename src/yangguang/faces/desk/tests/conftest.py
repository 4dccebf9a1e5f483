"""The desk's tests stand on the published world of the portal's."""

from yangguang.faces.portal.tests.conftest import built, world

__all__ = ["built", "world"]
