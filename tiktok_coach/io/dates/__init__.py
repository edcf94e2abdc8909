"""Days and times as files print them: `parse` in full, `month_days` without a year, `printed_days` gives their year."""
