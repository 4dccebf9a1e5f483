"""Reads of the organisation: the trees, recognising printed names, and what an officer may do."""

from yangguang.kernel.organisation.queries.powers import (
    Grant,
    capabilities_of,
    current_officers,
    may,
    officers_who_may,
    units_within,
)
from yangguang.kernel.organisation.queries.resolving import Candidate, Resolution, Resolver, members, resolve_unit
from yangguang.kernel.organisation.queries.trees import (
    division_chain,
    division_subtree,
    in_force,
    local_counterparts,
    name_of,
    place_names,
    subtree,
    successor,
    unit_chain,
)

__all__ = [
    "Candidate",
    "Grant",
    "Resolution",
    "Resolver",
    "capabilities_of",
    "current_officers",
    "division_chain",
    "division_subtree",
    "in_force",
    "local_counterparts",
    "may",
    "members",
    "name_of",
    "officers_who_may",
    "place_names",
    "resolve_unit",
    "subtree",
    "successor",
    "unit_chain",
    "units_within",
]
