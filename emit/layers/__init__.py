"""Why is this image big: read an image in one pass, keep the books of its bytes, report.

bytes -chunks-> inflate -> tar members -scan-> entries -ledger-> books -findings-> report -> text
"""
