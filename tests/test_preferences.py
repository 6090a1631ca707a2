from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import bentley_nb as bn


@pytest.mark.parametrize(
    ("name", "bad", "part"),
    [
        ("page_size", 0, "from 1 to 10,000"),
        ("page_size", "x", "whole number"),
        ("page_size", 500.0, "whole number"),
        ("page_size", True, "whole number"),
        ("max_workers", 65, "from 1 to 64"),
        ("progress", 1, "True or False"),
        ("quiet", None, "True or False"),
        ("display_zone", "Mars/Base", "no time zone"),
        ("display_zone", 5, "no time zone"),
        ("display_zone", "Europe/Lodnon", "Europe/London"),
        ("pagesize", 5, "Did you mean 'page_size'"),
    ],
)
def test_wrong_settings_are_refused_in_words(name: str, bad: Any, part: str) -> None:
    with pytest.raises(bn.InvalidRequest) as caught:
        setattr(bn.options, name, bad)
    assert part in str(caught.value)


def test_a_whole_number_of_numpy_is_kept_as_one_of_python() -> None:
    bn.options.page_size = np.int64(500)
    assert repr(bn.options.page_size) == "500"
    client = bn.connect("id", "secret", max_workers=np.int32(3))
    assert (repr(client.page_size), repr(client.max_workers)) == ("500", "3")


def test_settings_are_the_defaults_of_new_connections() -> None:
    bn.options.page_size, bn.options.max_workers = 50, 2
    bn.options.display_zone, bn.options.progress, bn.options.quiet = "Europe/London", False, True
    client = bn.connect("id", "secret")
    assert (client.page_size, client.max_workers) == (50, 2)
    assert bn.connect("id", "secret", page_size=7).page_size == 7
    assert "page_size=50" in repr(bn.options)
    assert "page_size" in dir(bn.options)
    bn.options.reset()
    assert bn.options.page_size == 10_000
