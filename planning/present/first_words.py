"""What an empty install says: the ways in, what each needs, and how to leave the demo."""

GREETING = (
    "There is no data yet. Three ways in, each of which ends with a first plan on this page; nothing leaves "
    "this machine."
)
DEMO = (
    "A made company with four factories, a year and a half of demand, deals and campaigns. Look around, try "
    "things, and come back to your own data whenever you like: the demo is kept as a backup then."
)
FOLDER = (
    "Drop your network folder, or a zip of it: the CSV files of the templates under their own names, and "
    "published/ beside them if there is a published plan."
)
TEMPLATES = (
    "Five files are enough. Take the templates, fill in a few rows each, and drop them here, in any order; "
    "files of your shop or CRM will do for the orders, too."
)
ANEW = (
    "To leave the demo, or to begin again: the workspace is emptied, and Today offers the ways in. What is "
    "there now is kept as a backup, and can be restored at any time."
)
ANEW_ASKED = (
    "Imports, plans, scenarios and the ledger of this workspace move into a backup, and everybody who has "
    "Takt open finds it empty."
)
