"""The bridge: the only caller of transition(). It knows ports, never what stands behind them."""

from handoff.bridge.bridge import Bridge

__all__ = ["Bridge"]
