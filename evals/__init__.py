"""Measuring and calibrating the tutor against questions whose evidence is known."""
