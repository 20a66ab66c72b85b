"""Measurements that anyone can repeat; each prints one table."""
