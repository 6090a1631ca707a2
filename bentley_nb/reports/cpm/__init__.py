"""The critical path method over a schedule's own calendars: clocks, passes, and how they are checked before use."""
