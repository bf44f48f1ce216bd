"""Orchestrators with something that no state machine says; the line of it is marked."""

import threading
import time

_total = 0
_lock = threading.Lock()


def step(x) -> int:
    return x


def many(*xs):
    return xs


def fill(target):
    target["x"] = 1


def each(items):
    for item in items:
        yield step(item)


def running_total(items):
    total = 0
    for item in items:  # refused: goes from item to item
        total = add(total, item)
    return total


def add(one, two):
    return step(one)


def first_that_fits(items):
    for item in items:
        if step(item) == 3:
            break  # refused: none ends it early
    return


def early(items):
    for item in items:
        if step(item) == 3:
            return item  # refused: none returns from within
    return None


def generator(items):
    for item in items:
        yield step(item)  # refused: values on the way


def counted():
    global _total  # refused: writes variables outside
    _total = step(1)
    return


def guarded(x):
    with _lock:  # refused: a context is left in each case
        step(x)


def computes(x):
    y = x * 2  # refused: no state says `x * 2`
    return step(y)


def true_or_not(x):
    found = step(x)
    if found:  # refused: which values count as true
        step(1)


def text_of_error(x):
    try:
        step(x)
    except ValueError as error:  # refused: what `error` holds
        step(str(error))


def always(x):
    try:
        step(x)
    finally:
        step(2)  # refused: `finally`


def half_seconds(x):
    step(x)
    time.sleep(0.5)  # refused: whole seconds


def changed_in_place(x):
    target = {"x": 0}
    fill(target)  # refused: changes what it is given
    return target


def any_number(x):
    many(x, 1)  # refused: takes any number of arguments


def outside(x):
    x.send(1)  # refused: no function of the project


def last_item(items):
    for item in items:
        step(item)
    return item  # refused: comes from the last item


def which_attempt(x):
    for attempt in range(3):
        try:
            step(attempt)  # refused: how often it was tried
            break
        except ValueError:
            time.sleep(1)


def stored(x):
    x["y"] = step(x)  # refused: no state says


def foreign_error(x):
    try:
        step(x)
    except threading.ThreadError:  # refused: which errors are a ThreadError
        step(1)


class Kept:
    def __init__(self, order):
        self.order = order

    def store(self, more, flag=None):
        return more


def make_error(x):
    return ValueError(x)


def wrapper(function):
    return function


async def begun(x):
    return x


def raises_what_is_made(x):
    raise make_error(x)  # refused: no class that is seen


def raises_what_is_given(x, error):
    step(x)
    raise error  # refused: no class that is seen


def raises_again_within(x):
    try:
        step(x)
    except ValueError:
        try:
            step(2)
            raise  # refused: cannot be caught
        except Exception:
            step(3)


def not_caught_by_exception(x):
    try:
        step(x)
        raise SystemExit  # refused: catches SystemExit
    except Exception:
        step(2)


def missing_field(x):
    try:
        y = x["y"]  # refused: is not there
    except KeyError:
        y = step(x)
    return y


def missing_item(x):
    try:
        step(x[0])  # refused: is not there
    except LookupError:
        step(x)


def kept_before_an_error(items):
    try:
        kept = []
        for item in items:
            kept.append(step(item))
    except ValueError:
        step(0)
    return kept  # refused: before an error


async def awaited_later(x):
    later = begun(x)  # refused: await it here
    step(x)
    return await later


@wrapper  # refused: does around it
def wrapped(x):
    return step(x)


def on_its_class(x):
    return Kept.store(x, 3)  # refused: no function of the project


def told_on_the_way(x):
    print(len([step(x)]))  # refused: does something


def told_from_outside(x):
    print(x.send(1))  # refused: does something


def kept_in_a_log(x):
    log = x
    log.append(1)  # refused: no function of the project


def keys(x: dict):
    for key in x:  # refused: those of a dict
        step(key)


def letters(x: str):
    return [step(one) for one in x]  # refused: those of a str


def namesakes(x):
    return x.client.step(step(1))  # refused: no function of the project
