"""Handing the program to a solver, here or beside, and what may be believed of its answer."""
