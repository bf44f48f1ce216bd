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
