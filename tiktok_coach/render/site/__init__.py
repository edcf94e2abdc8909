"""The report to show: one page of HTML that opens anywhere, the same as Markdown, and as a PDF by a browser."""
