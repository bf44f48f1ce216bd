package com.sable.moves;

import com.sable.moves.Table.Change;
import com.sable.moves.Table.Item;
import com.sable.moves.Table.Key;
import com.sable.moves.errors.SableError;
import com.sable.moves.errors.Unavailable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The state in a DynamoDB table, which {@code SABLE_TABLE} names.
 *
 * <p>A command reads the items that it is about, each as it was last written, and writes what it
 * changes in one transaction, on the condition that all of them are as they were read. Where
 * somebody else was faster it is done anew. So of two attempts, two executions and late duplicates
 * one wins, and the other one sees it.
 */
public final class TableReplica implements Replica {
  private static final int LONGEST_PAUSE_MS = 40;
  private static final double NANOS = 1e9;

  private final Table table;

  /** Takes the client of a table. */
  public TableReplica(DynamoDbClient client, String table) {
    this.table = new Table(client, table);
  }

  /** The table of this environment; endpoint, region and credentials are as the SDK finds them. */
  public static TableReplica fromEnvironment() {
    return new TableReplica(client(), name());
  }

  /** Turns in the same table. */
  static Turns turnsFromEnvironment() {
    return new TableTurns(new Table(client(), name()));
  }

  private static DynamoDbClient client() {
    return DynamoDbClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build();
  }

  private static String name() {
    return Optional.ofNullable(System.getenv("SABLE_TABLE")).orElse("sable");
  }

  /**
   * The same table for one attempt in one thread: what it has read or written is not read again
   * before the next command is tried on it.
   *
   * <p>A write finds out by its condition where that is not what the table holds any more. Whatever
   * would end otherwise, with an error or with nothing to write, is done anew on what is read.
   */
  Replica remembering() {
    Map<Key, Item> known = new HashMap<>();
    return new Replica() {
      @Override
      public Map<String, Object> commit(Map<String, Object> command, double timeout) {
        return TableReplica.this.commit(command, timeout, known);
      }

      @Override
      public Object view(String... path) {
        return TableReplica.this.view(path);
      }

      @Override
      public List<Object> views(List<List<String>> paths) {
        return TableReplica.this.views(paths);
      }
    };
  }

  @Override
  public Map<String, Object> commit(Map<String, Object> command, double timeout) {
    return commit(command, timeout, new HashMap<>());
  }

  private Map<String, Object> commit(
      Map<String, Object> command, double timeout, Map<Key, Item> known) {
    long deadline = System.nanoTime() + Math.round(timeout * NANOS);
    Map<Key, Item> before = new HashMap<>(known);
    known.clear(); // nothing is known of it until the command is through
    try {
      Optional<Map<String, Object>> tried =
          before.isEmpty() ? Optional.empty() : onWhatIsKnown(command, before, known);
      if (tried.isPresent()) {
        return tried.get();
      }
      do {
        Map<Key, Item> read = new HashMap<>();
        Parts parts = Parts.of(command, table, read);
        Map<String, Object> reply = parts.apply(command);
        List<Change> changes = parts.changes();
        if (table.write(changes)) {
          known.putAll(read);
          remember(changes, known);
          return reply;
        }
        pause();
      } while (System.nanoTime() < deadline);
    } catch (AwsServiceException refused) {
      if (refused.statusCode() < 500 && !refused.isThrottlingException()) {
        throw refused; // the same request would be refused again
      }
      throw silent(refused);
    } catch (SdkException error) {
      throw silent(error);
    }
    throw new Unavailable("not committed: others were faster for %.1f s".formatted(timeout));
  }

  /** The reply of a command that has written, on the condition that what is known still holds. */
  private Optional<Map<String, Object>> onWhatIsKnown(
      Map<String, Object> command, Map<Key, Item> before, Map<Key, Item> known) {
    Map<String, Object> reply;
    Parts parts = Parts.of(command, table, before);
    try {
      reply = parts.apply(command);
    } catch (SableError refused) {
      return Optional.empty();
    }
    List<Change> changes = parts.changes();
    if (changes.stream().allMatch(Change::isNone) || !table.write(changes)) {
      return Optional.empty();
    }
    known.putAll(before);
    remember(changes, known);
    return Optional.of(reply);
  }

  private static void remember(List<Change> changes, Map<Key, Item> known) {
    changes.forEach(change -> known.put(change.item().key(), change.written()));
  }

  @Override
  public Object view(String... path) {
    try {
      return Parts.view(table, path);
    } catch (SdkException error) {
      throw silent(error);
    }
  }

  @Override
  public List<Object> views(List<List<String>> paths) {
    try {
      return Parts.views(table, paths);
    } catch (SdkException error) {
      throw silent(error);
    }
  }

  private static SableError silent(SdkException error) {
    return new Unavailable("the table does not answer: " + error.getClass().getSimpleName());
  }

  /** Those that were in each other's way do not come back together. */
  private static void pause() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, LONGEST_PAUSE_MS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Unavailable("not committed: interrupted");
    }
  }
}
