"""The workbook: the published figures for people who work in Excel, made of the exports and put among them.

`sheets` says what each data sheet holds and `writing` writes them. `your_area` writes the first sheet, whose formulas
look up what is in the others. `making` makes the file whole and puts it in its place. Nothing is computed here: every
cell is a value of an export, rounded to what is shown.
"""
