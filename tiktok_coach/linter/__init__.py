"""The study of a content calendar: place, silence, mend. Nothing here reads arguments or shows results."""
