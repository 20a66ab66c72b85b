"""The command line: python -m planning run|import|forecast|plan|export|check|demo."""

import sys

from planning.command_line import main

if __name__ == "__main__":
    sys.exit(main())
