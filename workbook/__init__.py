"""The workbook: the published figures for people who work in Excel, made of the exports and put among them.

`sheets` says what each sheet holds, `writing` writes them, `making` makes the file whole and puts it in its place.
Nothing is computed here: every cell is a value of an export.
"""
