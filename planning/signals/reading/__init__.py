"""Any demand file: bytes become text, text becomes a grid, a grid becomes rows of our tables.

`files.opened` reads whatever was dropped, `proposal.propose` says what it is taken for and what has to be
confirmed, `translate.translate` writes the CSV of our contract with the way back to every line.
"""
