"""Servers of ours on loopback that speak the wire format of each network, faults among it. What a network is not proved to do is said in
docs/social.md.
"""
