"""`python -m lambdatui` is `lambdatui`."""

import sys

from lambdatui.cli.main import main

sys.exit(main())
