"""Fit what reading believes of itself on real pages whose truth is known."""
