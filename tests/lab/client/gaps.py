"""The longest time without a working publish."""


class Gaps:
    """Times of confirmed publishes of one publisher, in seconds of any clock that does not go back."""

    def __init__(self, begin):
        self._last = begin
        self._mark = None
        self.worst = 0.0

    def mark(self, now):
        """From now on it counts: what went wrong before is not the failure's doing. A gap that is open counts whole."""
        self._mark = now

    def confirmed(self, now):
        self._judge(now)
        self._last = now

    def end(self, now):
        """Nothing more is published. What was not confirmed since the last one counts as well."""
        self._judge(now)

    def _judge(self, now):
        if self._mark is not None and now >= self._mark:
            self.worst = max(self.worst, now - self._last)
