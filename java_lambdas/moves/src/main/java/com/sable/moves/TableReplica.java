package com.sable.moves;

import com.sable.moves.errors.SableError;
import com.sable.moves.errors.Unavailable;
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

  @Override
  public Map<String, Object> commit(Map<String, Object> command, double timeout) {
    long deadline = System.nanoTime() + Math.round(timeout * NANOS);
    try {
      do {
        Parts parts = Parts.of(command, table);
        Map<String, Object> reply = parts.apply(command);
        if (table.write(parts.changes())) {
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

  @Override
  public Object view(String... path) {
    try {
      return Parts.view(table, path);
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
