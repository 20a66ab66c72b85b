"""Takt: make-to-demand production and rented robot fleets, planned together."""
