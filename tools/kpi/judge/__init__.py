"""Floor 1, judging: values in, values out, with the day passed in."""
