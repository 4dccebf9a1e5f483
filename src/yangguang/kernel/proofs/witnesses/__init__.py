"""Witnesses outside: which ones this instance has. Each is a file beside this one behind one small port.

The port is ``vocabulary.Witness``. Without any setting the local folder keeps
every day; it is a witness only where somebody else keeps that folder too.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from yangguang.kernel.proofs.vocabulary import Witness
from yangguang.kernel.proofs.witnesses.folder import Folder
from yangguang.kernel.proofs.witnesses.site import SecondSite
from yangguang.kernel.proofs.witnesses.stamp import TimeStamps


def witnesses() -> list[Witness]:
    """Return the witnesses that the settings name, the folder first."""
    named: Any = settings.WITNESSES
    found: list[Witness] = [Folder(named["folder"])]
    if named["url"]:
        found.append(SecondSite(named["url"], named["token"]))
    if named["tsa"]:
        found.append(TimeStamps(named["tsa"], named["tsa_roots"]))
    return found
