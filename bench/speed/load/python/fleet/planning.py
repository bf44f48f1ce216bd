"""Plans moves of endpoints: the largest first, each to the host with most room."""


def plan(moves: list, hosts: list, limit: int, offset: int) -> dict:
    """Steps in waves of `limit` a host; `offset` is the start in minutes from midnight, or before.

    Gives {"steps": [...], "waves": int, "bytes": int, "left": [...]}.
    """
    free = {host["host"]: host["free"] for host in hosts}
    rates = {host["host"]: host["rate"] for host in hosts}
    total = sum(move["size"] for move in moves)
    busy: dict = {}
    steps = []
    left = []
    minute = offset
    waves = 0
    for move in sorted(moves, key=lambda move: (-move["size"], move["endpoint"])):
        size, source = move["size"], move["source"]
        able = [host for host in free if host != source and free[host] >= size]
        if not able:
            left.append(move["endpoint"])
            continue
        target = min(able, key=lambda host: (-free[host], host))
        free[target] -= size
        busy[target] = busy.get(target, 0) + 1
        wave = (busy[target] - 1) // limit
        waves = max(waves, wave + 1)
        seconds = -(-size // rates[target])
        bounds = [size * part // 4 for part in range(5)]
        steps.append(
            {
                "endpoint": move["endpoint"],
                "source": source,
                "target": target,
                "wave": wave,
                "minute": minute,
                "window": minute // 15,
                "seconds": seconds,
                "share": size / total,
                "chunks": [{"start": a, "stop": b} for a, b in zip(bounds, bounds[1:])],
                "room": free[target],
                "note": f"{source} -> {target}, wave {wave + 1}",
            }
        )
        minute += -(-seconds // 60)
    return {"steps": steps, "waves": waves, "bytes": total, "left": left}
