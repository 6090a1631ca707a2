"""What the reports stand on: tables, dates, calendars, baselines, states and weights."""
