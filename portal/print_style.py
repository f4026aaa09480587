"""The look of the house's paper: one typeface, one accent colour, and the styles of everything on A4."""

from dataclasses import replace

from reportlab.lib.pagesizes import A4

from portal.sheet import Colour, Ink
from portal.text_block import Style

WIDE, HIGH = A4
SIDE, ABOVE, BELOW = 54.0, 64.0, 58.0
MEASURE = WIDE - 2 * SIDE
COLUMN = HIGH - ABOVE - BELOW

ACCENT: Colour = (0.09, 0.27, 0.40)
GREY: Colour = (0.36, 0.39, 0.42)
ALARM: Colour = (0.72, 0.11, 0.11)

OVERLINE = Style(Ink(8, bold=True, colour=ACCENT), 12)
TITLE = Style(Ink(21, bold=True, colour=ACCENT), 29, "H1", keep_with_next=True)
HEADING = Style(Ink(12.5, bold=True, colour=ACCENT), 17, "H2", before=17, keep_with_next=True)
SUBHEADING = Style(Ink(9.5, bold=True), 13, "H3", before=9, keep_with_next=True)
BODY = Style(Ink(9.5), 13.5, before=4)
LEAD = replace(BODY, keep_with_next=True)
SMALL = Style(Ink(8, colour=GREY), 11, before=4)
NOTICE = Style(Ink(9.5, bold=True, colour=ALARM), 13.5, before=8)
CAPTION = Style(Ink(8.5, bold=True), 12, "Caption", before=9, keep_with_next=True)
HEADING_OF_ROOM = Style(Ink(8, bold=True, colour=ACCENT), 11, "H3")
PARTY_OF_ROOM = Style(Ink(9.5, bold=True), 13, before=1)
NOTE_OF_ROOM = Style(Ink(7.5, colour=GREY), 10, before=3)

VALUE = Style(Ink(9), 12.5, "TD")
ABSENT = Style(Ink(9, colour=GREY), 12.5, "TD")
STRONG = Style(Ink(9, bold=True), 12.5, "TD")
MONEY = Style(Ink(9), 12.5, "TD", align="right")
MONEY_TOTAL = Style(Ink(9, bold=True), 12.5, "TD", align="right")
SLIM = Style(Ink(8.5), 12.5, "TD")
CODE = Style(Ink(7.5), 10.5, "TD")
LABEL = Style(Ink(8, colour=GREY), 12.5, "TH", scope="Row")
ROW_TITLE = Style(Ink(9), 12.5, "TH", scope="Row")
ROW_TOTAL = Style(Ink(9, bold=True), 12.5, "TH", scope="Row")
HEAD = Style(Ink(8, bold=True, colour=ACCENT), 11.5, "TH", scope="Column")
HEAD_RIGHT = Style(Ink(8, bold=True, colour=ACCENT), 11.5, "TH", align="right", scope="Column")

LABEL_WIDE = 102.0
FIELD_COLUMNS = (LABEL_WIDE, MEASURE / 2 - LABEL_WIDE, LABEL_WIDE, MEASURE / 2 - LABEL_WIDE)
