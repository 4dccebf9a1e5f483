"""Writes of the directives room: every verb locks, checks, decides, saves, records.

``intake`` takes notices in and confirms their decomposition; ``issuing`` turns
it into duties; ``handling`` is what units do; ``supervising`` what the
supervision office does; ``changing`` what the law allows at any time.
"""
