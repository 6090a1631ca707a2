"""Kept answers: compressed, counted, and forgotten when there are too many."""

from __future__ import annotations

from bentley_nb.sandbox.replies import Reply, ReplyCache


def test_a_packed_answer_is_the_same_answer() -> None:
    plain = Reply(200, b"x" * 10_000, {"A": "b"})
    packed = plain.pack()
    assert packed.packed
    assert len(packed.content) < 200
    assert (packed.body, packed.etag, packed.gzipped) == (plain.body, plain.etag, plain.gzipped)
    assert packed.pack() is packed
    small = Reply(200, b"small")
    assert small.pack() is small


def test_the_least_used_answers_are_forgotten_first() -> None:
    cache = ReplyCache(25)
    for name in "ab":
        cache.put(name, Reply(200, b"0123456789"))
    assert cache.get("a")
    cache.put("a", Reply(200, b"another"))
    cache.put("c", Reply(200, b"0123456789"))
    assert cache.get("b") is None
    kept = cache.get("a")
    assert kept is not None
    assert kept.body == b"0123456789", "the first of two threads that made it wins"
    cache.put("d", Reply(200, b"x" * 100))
    assert cache.get("d") is not None, "one answer is kept, however large"
    assert cache.get("a") is None
