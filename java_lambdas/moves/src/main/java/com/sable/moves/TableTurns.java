package com.sable.moves;

import com.sable.moves.Table.Change;
import com.sable.moves.Table.Item;
import com.sable.moves.Table.Key;
import com.sable.moves.errors.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Turns in a table: a host has an item that names the moves whose turn it is. Those of all hosts of
 * a move are written in one transaction, on the condition that they are as they were read.
 *
 * <p>Nobody gives a turn back. Whoever needs one and finds none looks which of those that are taken
 * belong to moves that have ended: so nothing has to be cleaned up after whatever was killed.
 */
final class TableTurns implements Turns {
  private static final String KIND = "turns";
  private static final int TRIES = 50;
  private static final int LONGEST_PAUSE_MS = 40;

  private final Table table;

  TableTurns(Table table) {
    this.table = table;
  }

  @Override
  public boolean take(String move, Map<String, Long> limits, Predicate<String> ended) {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      List<Change> changes = new ArrayList<>();
      Map<Key, Item> items =
          table.read(limits.keySet().stream().map(host -> new Key(KIND, host)).toList());
      for (Map.Entry<String, Long> host : limits.entrySet()) {
        Item item = items.get(new Key(KIND, host.getKey()));
        List<Object> taken = taken(item);
        if (!taken.contains(move) && taken.size() >= host.getValue()) {
          taken.removeIf(other -> ended.test((String) other));
          if (taken.size() >= host.getValue()) {
            return false;
          }
        }
        if (!taken.contains(move)) {
          taken.add(move);
        }
        changes.add(new Change(item, Json.text(taken)));
      }
      if (table.write(changes)) {
        return true;
      }
      pause();
    }
    throw new Unavailable("no turn was taken: others were faster " + TRIES + " times");
  }

  private static List<Object> taken(Item item) {
    return item.body() == null ? new ArrayList<>() : new ArrayList<>((List<?>) item.value());
  }

  private static void pause() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, LONGEST_PAUSE_MS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Unavailable("no turn was taken: interrupted");
    }
  }
}
