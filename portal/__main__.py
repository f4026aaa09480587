"""`python3 portal …` from a fresh clone; `python -m portal …` where the packages are installed already."""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit(f"The portal needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.")
if __package__:
    from portal.cli import main

    main()
else:
    # Python has put this folder first, where its modules would hide others of the same name.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from portal.environment import enter

    enter(sys.argv[1:])
