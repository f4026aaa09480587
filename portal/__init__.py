"""What runs the house: settings, the web application, the databases, files, paper and the `portal` command."""

import os

os.environ.setdefault("OPENPYXL_LXML", "False")  # workbooks are read by the parser that refuses entities, as before
