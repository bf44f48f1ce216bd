"""Orchestrators as teams write them, after the shapes of published workflow examples."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor

logger = logging.getLogger(__name__)
MOST = 4
PAUSE = 10
limit = 7


class OrderError(Exception):
    pass


class OutOfStock(OrderError):
    pass


class PaymentDeclined(OrderError):
    pass


class Throttled(Exception):
    pass


class NotReady(Exception):
    pass


def reserve_stock(order, warehouse="main"):
    return {"id": 1, "status": "held"}


def charge_card(order, amount):
    return {"id": 2, "status": "paid", "amount": 7}


def refund_card(payment):
    return None


def release_stock(reservation):
    return None


def ship(order, reservation):
    return "T1"


def notify(who, text="done"):
    return None


def is_valid(order) -> bool:
    return True


def is_large(size) -> bool:
    return False


def size_of(name) -> int:
    return 1


def list_files(bucket):
    return ["a", "b"]


def convert(name, form="png"):
    return name


def store(name, result=None):
    return None


def start_job(name):
    return {"id": "j", "state": "running"}


def job_state(job) -> str:
    return "running"


def find_user(name):
    return None


def make_user(name):
    return {"name": name}


def grant(user, role):
    return None


async def fetch(source):
    return 1


async def merge(parts):
    return 1


async def publish(report, channel="main"):
    return None


VALUES = {
    "reserve_stock": [{"id": 1, "status": "held"}, {"id": 2, "status": "none"}],
    "charge_card": [
        {"id": 2, "status": "paid", "amount": 7},
        {"id": 3, "status": "open", "amount": 0},
    ],
    "refund_card": [None, "r"],
    "release_stock": [None],
    "ship": ["T1", "T2", ""],
    "notify": [None],
    "is_valid": [True, False],
    "is_large": [True, False],
    "size_of": [0, 1, 5, 100],
    "list_files": [["a", "b"], [], ["c"]],
    "convert": ["x", "y", None],
    "store": [None, 3],
    "start_job": [{"id": "j", "state": "running"}, {"id": "k", "state": "done"}],
    "job_state": ["running", "done", "failed", "done"],
    "find_user": [None, {"name": "u"}],
    "make_user": [{"name": "n"}],
    "grant": [None],
    "fetch": [1, [2], {"x": 3}],
    "merge": ["m", None],
    "publish": [None, "p"],
}
RAISES = [OrderError, OutOfStock, PaymentDeclined, Throttled, NotReady, KeyError, ValueError]


def place_order(order):
    reservation = reserve_stock(order)
    payment = charge_card(order, 7)
    tracking = ship(order, reservation)
    notify(order, text="sent")
    return {"payment": payment, "tracking": tracking}


def order_saga(order):
    """A saga: what was done is undone, in the other order."""
    reservation = reserve_stock(order, warehouse="north")
    try:
        payment = charge_card(order, 12)
    except PaymentDeclined:
        release_stock(reservation)
        raise
    try:
        return ship(order, reservation)
    except Exception:
        refund_card(payment)
        release_stock(reservation)
        raise


def order_with_fallback(order):
    try:
        reservation = reserve_stock(order)
    except OutOfStock:
        reservation = reserve_stock(order, "south")
    except (KeyError, Throttled):
        notify("operator")
        return None
    else:
        notify("customer", "held")
    return reservation


def validate_first(order):
    if not is_valid(order):
        raise OrderError("not valid")
    payment = charge_card(order, 3)
    if payment["status"] == "paid":
        result = ship(order, None)
    elif payment["status"] == "open":
        notify(order, "open")
        result = "waits"
    else:
        result = "failed"
    return result


def convert_all(bucket):
    files = list_files(bucket)
    results = []
    for name in files:
        image = convert(name)
        store(name, image)
        results.append(image)
    return results


def convert_some(bucket, form):
    for name in list_files(bucket):
        if size_of(name) > 4:
            continue
        store(name, convert(name, form))
    notify("owner")


def convert_each_or_tell(bucket):
    done = []
    for name in list_files(bucket):
        try:
            image = convert(name)
        except Exception:
            notify(name, "failed")
            image = None
        done.append(image)
    return done


def convert_in_parallel(bucket):
    files = list_files(bucket)
    with ThreadPoolExecutor(max_workers=8) as pool:
        images = list(pool.map(convert, files))
    store("all", images)
    return images


def sizes(bucket):
    return [size_of(name) for name in list_files(bucket)]


def wait_for_job(name):
    job = start_job(name)
    while True:
        state = job_state(job)
        if state == "done":
            break
        if state == "failed":
            raise ValueError("job failed")
        time.sleep(30)
    return store(name, job)


def wait_a_while(name):
    job = start_job(name)
    state = job_state(job)
    tries = 0
    while state != "done" and tries < 5:
        time.sleep(PAUSE)
        tries += 1
        state = job_state(job)
    if state != "done":
        notify("operator", "late")
        return False
    return True


def wait_by_test(name):
    job = start_job(name)
    while job_state(job) == "running":
        time.sleep(2)
    return job["id"]


def charge_again(order):
    for attempt in range(MOST):
        try:
            payment = charge_card(order, 5)
            break
        except Throttled:
            time.sleep(2**attempt)
    else:
        notify(order, "try later")
        return None
    return payment


def charge_again_or_raise(order):
    for attempt in range(3):
        try:
            return charge_card(order, 5)
        except (Throttled, NotReady):
            if attempt == 2:
                raise
            time.sleep(5)
    return None


def ship_again_within(order):
    try:
        for attempt in range(3):
            try:
                ship(order, None)
                break
            except NotReady:
                logger.warning("attempt %s failed", attempt)
                if attempt >= 3 - 1:
                    raise
                time.sleep(1)
    except Exception:
        notify(order, "not sent")
        return "lost"
    return "sent"


def onboard(name, roles):
    user = find_user(name)
    if user is None:
        user = make_user(name)
    for role in roles:
        grant(user, role)
    notify(user["name"], "welcome")


def route(order, kind: str):
    if kind in ("gift", "sample") or is_large(order):
        notify("desk")
        price = 0
    else:
        price = size_of(order)
    if price == 0:
        return ship(order, None)
    payment = charge_card(order, price)
    if payment["amount"] >= 5 and is_valid(payment) and not is_large(price):
        return ship(order, payment)
    return None


def nested_tries(order):
    try:
        reservation = reserve_stock(order)
        try:
            ship(order, reservation)
        except NotReady:
            notify("shipping")
            release_stock(reservation)
        charge_card(order, 1)
    except OrderError:
        refund_card(order)
        return "undone"
    return "done"


def raise_within(order):
    try:
        if not is_valid(order):
            raise OutOfStock("none")
        tracking = ship(order, "x")
    except OrderError:
        notify(order)
        tracking = "no"
    return tracking


def batches(orders):
    for order in orders:
        for _attempt in range(2):
            try:
                charge_card(order, 2)
                break
            except Throttled:
                time.sleep(1)
        notify(order)


def deploy(version):
    logger.info("deploying %s", version)
    store(version)
    healthy = False
    checks = 0
    while not healthy:
        time.sleep(5)
        healthy = is_valid(version)
        checks += 1
        if checks >= 3:
            store("previous")
            return {"version": "previous", "checks": checks}
    return {"version": version, "checks": checks}


async def gather_named(left, right):
    parts = await asyncio.gather(fetch(left), fetch(right))
    return await merge(parts)


async def gather_each(sources, channel):
    parts = await asyncio.gather(*[fetch(source) for source in sources])
    report = await merge(parts)
    await publish(report, channel=channel)
    return report


async def in_time(source):
    try:
        part = await asyncio.wait_for(fetch(source), timeout=20)
    except TimeoutError:
        await publish("late")
        return None
    await asyncio.sleep(1)
    return part


def skips(bucket):
    for name in list_files(bucket):
        if name == "b":
            pass
        else:
            image = convert(name)
            if image is None:
                continue
            store(name, image)
    return "ok"


def with_defaults(order, note=None, *, channel="main"):
    if note is not None:
        store(note, channel)
    return ship(order, channel)


def told_what_steps_give(order):
    print(ship(order, 1))
    logger.info("%s of %s", charge_card(order, 7), notify(order))
    return order


def named_as_a_constant(order, limit):
    return store(order, limit)


def by_a_choice_of_values(order):
    size = size_of(order) if is_valid(order) else 3
    return ship(order, size) if size > 2 else None


def by_cases(kind):
    match kind:
        case "gift":
            return ship(kind, 1)
        case "big" | "huge" if is_valid(kind):
            notify(kind)
        case _:
            store(kind)
    return "done"


def tells_and_raises_another(order):
    try:
        charge_card(order, 3)
    except (Throttled, NotReady) as error:
        logger.warning("no charge: %s", error)
        raise PaymentDeclined(f"no charge: {error}") from error
    return "paid"


def raises_the_same(order):
    try:
        ship(order, 1)
    except OrderError as error:
        notify(order)
        raise error
    return


def pool_at_the_end(names):
    with ThreadPoolExecutor(max_workers=MOST) as pool:
        return list(pool.map(convert, names))


def each_of_a_few(order):
    for name in ("small", "large"):
        store(name, order)
    return [size_of(number) for number in range(1, 3)]


def first_of_them(rows):
    return find_user(rows[0])


def exactly_true(order):
    valid = is_valid(order)
    if valid is True:
        return ship(order, 1)
    return None


def same_texts(job):
    first = job_state(job)
    second = job_state(job)
    if first == second:
        return first
    time.sleep(2 * 60)
    return job_state(job)


def round_and_round(job):
    while 1:
        if job_state(job) == "done":
            break
        time.sleep(PAUSE)
    return job


def tried_from_one(order):
    for attempt in range(1, 4):
        try:
            return charge_card(order, 7)
        except Throttled:
            if attempt == 3:
                raise
            time.sleep(2**attempt)
    return None


def etl(bucket, channel="x"):
    """Luigi/Airflow style: extract, transform, load."""
    names = list_files(bucket)
    converted = [convert(name, form="csv") for name in names]
    for one in converted:
        store(one, channel)
    logger.info("loaded %d", len(converted))
    return {"names": names, "converted": converted, "channel": channel}


def nested_saga(order):
    reservation = reserve_stock(order)
    try:
        payment = charge_card(order, 7)
        try:
            tracking = ship(order, reservation)
        except OutOfStock as error:
            logger.error("rolled back: %s", error)
            refund_card(payment)
            raise OrderError("not shipped") from error
    except OrderError:
        release_stock(reservation)
        raise
    except (KeyError, ValueError):
        release_stock(reservation)
        return None
    else:
        notify(order, tracking)
    return tracking


def poll_with_limit(name):
    job = start_job(name)
    polls = 0
    while job["state"] != "done":
        polls += 1
        if polls > 3:
            raise NotReady("too long")
        state = job_state(job)
        if state == "failed":
            break
        if state == "running":
            time.sleep(3 * 10)
            continue
        notify(name)
        return state
    return job


def poll_and_swallow(name):
    tries = 0
    while True:
        try:
            state = job_state(name)
            if state == "done":
                return tries
        except Throttled:
            logger.warning("throttled")
        except NotReady:
            tries -= 1
            continue
        tries += 1
        if tries == 4:
            break
        time.sleep(1)
    notify(name, "gave up")
    return None


def elif_chain(size):
    found = size_of(size)
    if found == 0:
        kind = "none"
    elif found < 5:
        kind = "small"
    elif found in (5, 6):
        kind = "middle"
    elif not (found > 50 and is_large(found)):
        kind = "big"
    else:
        raise ValueError(f"too large: {found}")
    return {"kind": kind, "size": found}


def early_returns(order):
    if not is_valid(order):
        return {"ok": False}
    user = find_user("u")
    if user is None:
        user = make_user("u")
        if user is None:
            return None
    for role in ["read", "write"]:
        grant(user, role)
    return {"ok": True, "user": user["name"]}


async def with_timeout(source):
    try:
        found = await asyncio.wait_for(fetch(source), timeout=5)
    except TimeoutError:
        found = None
    except ValueError as error:
        print("bad", error)
        raise
    await asyncio.sleep(2)
    return await merge(found)


def pool_in_try(names):
    try:
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda name: convert(name, "gif"), names))
    except (OrderError, KeyError):
        notify("operator")
        return []
    return done


def map_of_choices(names):
    kept = []
    for name in names:
        try:
            image = convert(name)
        except Throttled:
            time.sleep(1)
            image = convert(name, "slow")
        if image is None:
            image = name
        elif image == "x":
            notify(name)
        kept.append({"name": name, "image": image})
    return kept


def retry_else(order):
    for attempt in range(3):
        try:
            payment = charge_card(order, 2)
            break
        except (Throttled, NotReady) as error:
            logger.info("again: %s", error)
            time.sleep(2**attempt)
    else:
        raise PaymentDeclined("never")
    return payment["status"]


def retry_in_while(name):
    n = 0
    while n < 2:
        for _ in range(2):
            try:
                state = job_state(name)
                break
            except Throttled:
                pass
        else:
            n += 1
            continue
        if state == "done":
            return n
        n += 1
    return None


def shadowed(names):
    name = "first"
    store(name)
    out = [convert(name) for name in names]
    return {"name": name, "out": out}


def reassigned(order):
    order = find_user(order)
    if order is not None:
        order = order["name"]
        notify(order)
    else:
        order = "none"
    return order


def both_sides(order, name):
    if is_valid(order) and (not is_large(name) or is_valid(name)):
        return ship(order, name)
    if is_valid(order) or is_large(order):
        notify(order)
    return charge_card(order, size_of(name))


def raise_in_else(order):
    try:
        reservation = reserve_stock(order)
    except OutOfStock:
        return None
    else:
        if reservation["status"] == "none":
            raise OutOfStock("none")
    return ship(order, reservation)


def match_guard(kind, order):
    match kind:
        case "gift" if is_valid(order):
            return "gift"
        case "gift":
            notify(order)
        case None | False:
            return None
    return ship(order, kind)


def nested_maps(bucket):
    groups = list_files(bucket)
    return [[convert(b, a) for b in list_files(a)] for a in groups]


def chained(order):
    return notify(ship(order, reserve_stock(order)), text=find_user(size_of(order)))


def with_const(order, debug=False):
    while debug is True:
        debug = is_large(order)
    return debug


def not_none_default(order, user=None):
    user = user if user is not None else make_user("x")
    grant(user, "r")
    return user


def count_down(names):
    left = 3
    while left > 0:
        for name in names:
            store(name, left)
        left -= 1
        if left == 1 and is_large(left):
            break
    return left


def last_error(order):
    failed = None
    try:
        ship(order, 1)
    except Exception:
        failed = "yes"
        logger.exception("x")
    if failed == "yes":
        raise OrderError("x")
    return failed


def catches_all_bare(order):
    try:
        ship(order, 1)
    except:
        notify(order)
        raise
    return 1


def while_else_none(order):
    while not is_valid(order):
        time.sleep(PAUSE)
        if is_large(order):
            raise NotReady
    return "ok"
