"""The command line: python -m planning run|import|forecast|plan|export|check|demo."""

from planning.command_line import main
from planning.command_line.console import end

if __name__ == "__main__":
    end(main())
