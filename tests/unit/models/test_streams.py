"""A stream's seed is the root, the replication and the purpose, nothing else."""

import numpy as np

from galleria.models.streams import Stream, Streams


def draw(root: int, replication: int, stream: Stream, *entity: int | str) -> list[float]:
    return [float(each) for each in Streams(root, replication).generator(stream, *entity).random(3)]


def test_the_same_purpose_gives_the_same_numbers_whenever_it_is_asked() -> None:
    streams = Streams(1, 0)
    streams.generator(Stream.PLACE).random(1000)
    assert streams.generator(Stream.TASTE).random(3).tolist() == draw(1, 0, Stream.TASTE)


def test_root_replication_stream_and_entity_all_matter() -> None:
    base = draw(1, 0, Stream.ARRIVAL, 0)
    others = [
        draw(2, 0, Stream.ARRIVAL, 0),
        draw(1, 1, Stream.ARRIVAL, 0),
        draw(1, 0, Stream.PLACE, 0),
        draw(1, 0, Stream.ARRIVAL, 1),
        draw(1, 0, Stream.ARRIVAL, "rival_a"),
    ]
    assert all(other != base for other in others)
    assert Streams(1, 0).key(Stream.TIE_BREAK) != Streams(1, 0).key(Stream.ACCEPT_NOISE)


def test_numbers_of_streams_are_never_reused() -> None:
    """The value of a stream is part of every seed: renumbering one changes all results."""
    assert [stream.value for stream in Stream][:14] == list(range(1, 15))
    assert len({stream.value for stream in Stream}) == len(Stream)


def test_streams_do_not_move_together() -> None:
    a = Streams(5, 0).generator(Stream.PLACE).standard_normal(20_000)
    b = Streams(5, 0).generator(Stream.TASTE).standard_normal(20_000)
    assert abs(np.corrcoef(a, b)[0, 1]) < 4 / np.sqrt(20_000)
