package com.sable.moves;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Documents in a table: a kind ({@code pk}) and a name ({@code sk}) have a {@code version}, which
 * each write makes greater, and a {@code body}, JSON.
 */
final class Table {
  private static final Set<String> PASSING =
      Set.of("None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError");

  private static final String ABSENT = "null"; // stays, so that no version comes twice

  private final DynamoDbClient client;
  private final String name;

  Table(DynamoDbClient client, String name) {
    this.client = client;
    this.name = name;
  }

  /** What names a document. */
  record Key(String kind, String name) {}

  /** A document as it was read: body null where there is none, version 0 where there never was. */
  record Item(String kind, String name, long version, String body) {
    Key key() {
      return new Key(kind, name);
    }

    Object value() {
      try {
        return body == null ? null : Json.value(body);
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }

  /** An item that a command rests on, and what its body is to be from now on; null for none. */
  record Change(Item item, String body) {
    boolean isNone() {
      return Objects.equals(item.body(), body);
    }

    /** The document as it is once this has been written. */
    Item written() {
      return isNone() ? item : new Item(item.kind(), item.name(), item.version() + 1, body);
    }
  }

  Item read(String kind, String sort) {
    Map<String, AttributeValue> found =
        client.getItem(get -> get.tableName(name).key(key(kind, sort)).consistentRead(true)).item();
    return found == null || found.isEmpty() ? new Item(kind, sort, 0, null) : item(found);
  }

  /** Documents, up to a hundred in one call, each as it was last written. */
  Map<Key, Item> read(Collection<Key> keys) {
    Map<Key, Item> found = new HashMap<>();
    if (keys.size() < 2) {
      keys.forEach(key -> found.put(key, read(key.kind(), key.name())));
      return found;
    }
    List<Map<String, AttributeValue>> wanted = new ArrayList<>();
    for (Key key : keys) {
      found.put(key, new Item(key.kind(), key.name(), 0, null));
      wanted.add(key(key.kind(), key.name()));
    }
    KeysAndAttributes asked = KeysAndAttributes.builder().keys(wanted).consistentRead(true).build();
    for (BatchGetItemResponse reply :
        client.batchGetItemPaginator(get -> get.requestItems(Map.of(name, asked)))) {
      for (Map<String, AttributeValue> one : reply.responses().getOrDefault(name, List.of())) {
        Item item = item(one);
        found.put(item.key(), item);
      }
    }
    return found;
  }

  /** What a counter has come to. */
  long counted(String kind, String counter) {
    Map<String, AttributeValue> found =
        client
            .getItem(get -> get.tableName(name).key(key(kind, counter)).consistentRead(true))
            .item();
    return found == null || found.isEmpty() ? 0 : Long.parseLong(found.get("count").n());
  }

  /** The next number of a counter, which nobody else gets; some may be left out. */
  long count(String kind, String counter) {
    Map<String, AttributeValue> counted =
        client
            .updateItem(
                update ->
                    update
                        .tableName(name)
                        .key(key(kind, counter))
                        .updateExpression("add #count :one")
                        .expressionAttributeNames(Map.of("#count", "count"))
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))
                        .returnValues(ReturnValue.UPDATED_NEW))
            .attributes();
    return Long.parseLong(counted.get("count").n());
  }

  /** All documents of a kind whose names begin so, by their names. */
  Map<String, Item> readAll(String kind, String prefix) {
    Map<String, Item> found = new TreeMap<>();
    String condition = "pk = :pk" + (prefix.isEmpty() ? "" : " and begins_with(sk, :prefix)");
    Map<String, AttributeValue> values =
        prefix.isEmpty()
            ? Map.of(":pk", AttributeValue.fromS(kind))
            : Map.of(
                ":pk", AttributeValue.fromS(kind), ":prefix", AttributeValue.fromS(prefix));
    client
        .queryPaginator(
            query ->
                query
                    .tableName(name)
                    .consistentRead(true)
                    .keyConditionExpression(condition)
                    .expressionAttributeValues(values))
        .items()
        .forEach(one -> found.put(one.get("sk").s(), item(one)));
    return found;
  }

  private static Item item(Map<String, AttributeValue> found) {
    return new Item(
        found.get("pk").s(),
        found.get("sk").s(),
        Long.parseLong(found.get("version").n()),
        ABSENT.equals(found.get("body").s()) ? null : found.get("body").s());
  }

  /** Writes what has changed; false where something is not as it was read. */
  boolean write(List<Change> changes) {
    List<Change> own = changes.stream().filter(change -> !change.isNone()).toList();
    if (own.isEmpty()) {
      return true;
    }
    try {
      if (changes.size() == 1) {
        Put put = put(own.get(0));
        client.putItem(
            request ->
                request
                    .tableName(name)
                    .item(put.item())
                    .conditionExpression(put.conditionExpression())
                    .expressionAttributeValues(values(own.get(0).item())));
      } else {
        List<TransactWriteItem> items = new ArrayList<>();
        changes.forEach(change -> items.add(written(change)));
        client.transactWriteItems(request -> request.transactItems(items));
      }
      return true;
    } catch (ConditionalCheckFailedException other) {
      return false;
    } catch (TransactionCanceledException cancelled) {
      if (!cancelled.cancellationReasons().stream()
          .map(CancellationReason::code)
          .allMatch(PASSING::contains)) {
        throw cancelled;
      }
      return false;
    }
  }

  private TransactWriteItem written(Change change) {
    Item item = change.item();
    TransactWriteItem.Builder one = TransactWriteItem.builder();
    if (change.isNone()) {
      one.conditionCheck(check(item));
    } else {
      one.put(put(change));
    }
    return one.build();
  }

  private ConditionCheck check(Item item) {
    return ConditionCheck.builder()
        .tableName(name)
        .key(key(item.kind(), item.name()))
        .conditionExpression(condition(item))
        .expressionAttributeValues(values(item))
        .build();
  }

  private Put put(Change change) {
    Item item = change.item();
    String next = Long.toString(item.version() + 1);
    return Put.builder()
        .tableName(name)
        .item(
            Map.of(
                "pk", AttributeValue.fromS(item.kind()),
                "sk", AttributeValue.fromS(item.name()),
                "version", AttributeValue.fromN(next),
                "body", AttributeValue.fromS(change.body() == null ? ABSENT : change.body())))
        .conditionExpression(condition(item))
        .expressionAttributeValues(values(item))
        .build();
  }

  private static String condition(Item item) {
    return item.version() == 0 ? "attribute_not_exists(pk)" : "version = :version";
  }

  private static Map<String, AttributeValue> values(Item item) {
    String version = Long.toString(item.version());
    return item.version() == 0 ? null : Map.of(":version", AttributeValue.fromN(version));
  }

  private static Map<String, AttributeValue> key(String kind, String name) {
    return Map.of("pk", AttributeValue.fromS(kind), "sk", AttributeValue.fromS(name));
  }
}
