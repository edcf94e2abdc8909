"""Days and times as files print them: `parse` in full, `month_days` in words without a year, `printed_days` gives those
their year and hour.
"""
