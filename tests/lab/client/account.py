"""What became of the messages of one queue. Nothing here knows of brokers or clocks: the tests beside it feed it by hand."""
import threading
from collections import Counter


class Account:
    """Every message by its body. Safe to use from several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._sent = set()
        self._confirmed = set()
        self._delivered = Counter()

    def sent(self, body):
        """It is about to be published, perhaps again."""
        with self._lock:
            self._sent.add(body)

    def confirmed(self, body):
        """A broker has taken the responsibility for it."""
        with self._lock:
            self._confirmed.add(body)

    def delivered(self, body):
        """A consumer has got it."""
        with self._lock:
            self._delivered[body] += 1

    def sent_already(self):
        """All that was published or tried."""
        with self._lock:
            return set(self._sent)

    def missing(self):
        """Confirmed and in no consumer's hands."""
        with self._lock:
            return self._confirmed - self._delivered.keys()

    def totals(self):
        """confirmed, lost: confirmed and never delivered; duplicated: deliveries beyond the first; foreign: delivered and
        never sent by this account."""
        with self._lock:
            return {
                "confirmed": len(self._confirmed),
                "lost": len(self._confirmed - self._delivered.keys()),
                "duplicated": sum(self._delivered.values()) - len(self._delivered),
                "foreign": len(self._delivered.keys() - self._sent),
            }
