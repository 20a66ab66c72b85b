"""The plan model: decisions, one function per constraint family, objective; nothing of how it is solved."""
