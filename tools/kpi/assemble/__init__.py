"""Floor 0, things: from the values of a file to records, with the problems that only the calendar and the units show."""
