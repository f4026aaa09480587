"""The registration workbook: its template, what one says, and a copy with its faults marked (S-001, S-002).

One table of sheets and columns, `table.py`, is what the template, the explanations, the reading and the faults are
made from.
"""

from portal.workbook.fault import WORKBOOK, Fault, FaultCode, Reading
from portal.workbook.process import marked, read
from portal.workbook.template import TEMPLATE_NAME, template
from portal.workbook.writing import filled

__all__ = [
    "TEMPLATE_NAME",
    "WORKBOOK",
    "Fault",
    "FaultCode",
    "Reading",
    "filled",
    "marked",
    "read",
    "template",
]
