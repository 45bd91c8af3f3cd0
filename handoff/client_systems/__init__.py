"""The only home of calls to the client companies' own systems."""

from handoff.client_systems.internal_api import internal_api
from handoff.client_systems.operations import OPERATIONS
from handoff.client_systems.systems import HttpClientSystems

__all__ = ["OPERATIONS", "HttpClientSystems", "internal_api"]
