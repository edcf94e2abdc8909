"""The language in which the tool speaks: which one, its catalogue, and how it writes numbers and dates. Text is English in the code."""
