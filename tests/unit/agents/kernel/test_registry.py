"""What is found by name: looked up, refused with the nearest name, and never replaced by something else in silence."""

import pytest

from galleria.agents.kernel.registry import Registry


def double(x: int) -> int:
    return 2 * x


def halve(x: int) -> int:
    return x // 2


@pytest.fixture
def rules() -> Registry[object]:
    found = Registry[object]("rule")
    found.add("double", double)
    return found


def test_an_entry_is_found_by_its_name(rules: Registry[object]) -> None:
    assert rules["double"] is double
    assert "double" in rules
    assert [*rules] == ["double"]
    assert rules.values() == (double,)


def test_a_name_that_is_not_there_gets_the_nearest_and_all_there_are(rules: Registry[object]) -> None:
    rules.add("halve", halve)
    with pytest.raises(ValueError, match=r"no rule 'dubble'; did you mean double\? there are double, halve; .*entry"):
        rules["dubble"]


def test_another_entry_of_the_same_name_is_refused_and_the_same_one_again_is_not(rules: Registry[object]) -> None:
    rules.add("double", double)
    with pytest.raises(ValueError, match=r"there is a rule 'double' already, .*\.double"):
        rules.add("double", halve)
