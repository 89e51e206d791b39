"""python3 -m unittest discover -s tests/lab/client"""
import unittest

from account import Account
from gaps import Gaps


class OneQueue(unittest.TestCase):
    def setUp(self):
        self.account = Account()
        for body in ("a", "b", "c"):
            self.account.sent(body)

    def totals(self):
        return tuple(self.account.totals()[key] for key in ("confirmed", "lost", "duplicated", "foreign"))

    def test_all_is_well(self):
        for body in ("a", "b", "c"):
            self.account.confirmed(body)
            self.account.delivered(body)
        self.assertEqual(self.totals(), (3, 0, 0, 0))

    def test_a_confirmed_message_that_nobody_gets_is_lost(self):
        for body in ("a", "b", "c"):
            self.account.confirmed(body)
        self.account.delivered("a")
        self.account.delivered("c")
        self.assertEqual(self.totals(), (3, 1, 0, 0))
        self.assertEqual(self.account.missing(), {"b"})

    def test_an_unconfirmed_message_may_come_or_not(self):
        self.account.delivered("a")
        self.assertEqual(self.totals(), (0, 0, 0, 0))

    def test_every_delivery_beyond_the_first_is_a_duplicate(self):
        self.account.confirmed("a")
        for _ in range(3):
            self.account.delivered("a")
        self.assertEqual(self.totals(), (1, 0, 2, 0))

    def test_a_message_of_somebody_else_is_no_replacement(self):
        self.account.confirmed("a")
        self.account.delivered("x")
        self.assertEqual(self.totals(), (1, 1, 0, 1))


class OnePublisher(unittest.TestCase):
    def test_only_what_ends_after_the_mark_counts(self):
        gaps = Gaps(0.0)
        gaps.confirmed(9.0)
        gaps.mark(9.5)
        gaps.confirmed(10.0)
        self.assertEqual(gaps.worst, 1.0)
        gaps.confirmed(13.0)
        gaps.confirmed(13.1)
        self.assertEqual(gaps.worst, 3.0)

    def test_an_outage_that_does_not_end_counts_up_to_the_end(self):
        gaps = Gaps(0.0)
        gaps.mark(1.0)
        gaps.end(61.0)
        self.assertEqual(gaps.worst, 61.0)

    def test_without_a_mark_nothing_counts(self):
        gaps = Gaps(0.0)
        gaps.confirmed(50.0)
        gaps.end(90.0)
        self.assertEqual(gaps.worst, 0.0)


if __name__ == "__main__":
    unittest.main()
