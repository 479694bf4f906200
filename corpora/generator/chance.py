"""Seeded choices, kept small because a million reports are drawn with them. The same seed gives the same choices everywhere."""
import random


class Chance:
    def __init__(self, seed):
        self.random = random.Random(seed).random

    def pick(self, options):
        return options[int(self.random() * len(options))]

    def maybe(self, probability):
        return self.random() < probability

    def between(self, low, high):
        """A whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def real(self, low, high):
        return low + self.random() * (high - low)

    def digits(self, count):
        return str(int(self.random() * 10 ** count)).zfill(count)

    def sample(self, options, count):
        """Some of the options, in their order."""
        left, out = len(options), []
        for option in options:
            if count > 0 and self.random() * left < count:
                out.append(option)
                count -= 1
            left -= 1
        return out
