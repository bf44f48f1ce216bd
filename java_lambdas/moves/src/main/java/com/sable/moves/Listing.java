package com.sable.moves;

import com.sable.moves.documents.Document;
import com.sable.moves.documents.Endpoint;
import com.sable.moves.documents.Host;
import com.sable.moves.documents.MoveRequest;
import com.sable.moves.errors.InvalidField;
import com.sable.moves.text.CodePoints;
import com.sable.moves.text.Durations;
import com.sable.moves.text.NameKey;
import com.sable.moves.text.Sizes;
import com.sable.moves.text.Timestamps;
import com.sable.moves.text.Whitespace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Lists of hosts, endpoints and workflows: filtered, ordered, cut to a page. */
final class Listing {
  private static final List<String> ORDERS = List.of("name", "size", "host");
  private static final int MOST_ROWS = 10_000;
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\p{Nd}+(_\\p{Nd}+)*");

  private Listing() {}

  /** Storage hosts in the order of names, with what endpoints take of their capacity. */
  static List<Map<String, Object>> hosts(
      Map<String, Object> hosts, Map<String, Object> endpoints) {
    Map<String, Host> known = new LinkedHashMap<>();
    hosts.forEach((name, host) -> known.put(name, Host.of(host)));
    Map<String, Endpoint> held = new LinkedHashMap<>();
    endpoints.forEach((name, endpoint) -> held.put(name, Endpoint.of(endpoint)));
    Map<String, BigInteger> free = Room.free(held, known);
    return hosts.keySet().stream()
        .sorted(Comparator.comparing(NameKey::of))
        .map(name -> host(name, hosts.get(name), free.get(name)))
        .toList();
  }

  private static Map<String, Object> host(String name, Object facts, BigInteger free) {
    long capacity = Host.of(facts).capacity();
    long used = BigInteger.valueOf(capacity).subtract(free).longValueExact();
    Map<String, Object> row = named(name, facts);
    row.put("size", Sizes.text(capacity));
    row.put("free", Sizes.text(free));
    row.put("used_percent", Progress.percent(used, capacity, 1));
    return row;
  }

  private static Map<String, Object> named(String name, Object facts) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.putAll(Json.map(facts));
    return row;
  }

  /**
   * Endpoints. {@code host}, {@code match} (a regular expression searched in names), {@code locked}
   * ({@code yes} or {@code no}), {@code order} and {@code limit} are optional; equals are in the
   * order of names.
   */
  static List<Map<String, Object>> endpoints(
      Map<String, Object> endpoints, Map<String, Object> query) {
    Object order = query.getOrDefault("order", "name");
    if (order == null || !ORDERS.contains(order)) {
      throw new InvalidField(
          "`order` is one of %s, not `%s`".formatted(String.join(", ", ORDERS), order));
    }
    Optional<Pattern> wanted = Optional.ofNullable(query.get("match")).map(Listing::expression);
    List<Map<String, Object>> rows = new ArrayList<>();
    endpoints.forEach(
        (name, facts) -> {
          Endpoint endpoint = Endpoint.of(facts);
          String locked = endpoint.locked_by().filter(by -> !by.isEmpty()).isPresent() ? "yes" : "no";
          if (fits(query.get("host"), endpoint.host())
              && wanted.map(match -> match.matcher(name).find()).orElse(true)
              && fits(query.get("locked"), locked)) {
            Map<String, Object> row = named(name, facts);
            row.put("size", Sizes.text(endpoint.bytes()));
            rows.add(row);
          }
        });
    rows.sort(Comparator.comparing(row -> NameKey.of((String) row.get("name"))));
    if (order.equals("size")) {
      rows.sort(Comparator.comparing(row -> -Document.wholeOf(row.get("bytes"))));
    } else if (order.equals("host")) {
      rows.sort(Comparator.comparing(row -> NameKey.of((String) row.get("host"))));
    }
    return page(rows, query);
  }

  /**
   * Workflows, the youngest first, those of one moment by id. {@code since}, a timestamp with a
   * zone, {@code state}, {@code move}, as a batch names one, and {@code limit} are optional.
   */
  static List<Map<String, Object>> workflows(
      Map<String, Object> workflows, Map<String, Object> query, long nowMs) {
    long since = ParseBatch.isNothing(query.get("since")) ? 0 : Timestamps.parse(query.get("since"));
    Optional<MoveRequest> wanted =
        ParseBatch.isNothing(query.get("move"))
            ? Optional.empty()
            : Optional.of(MoveRequest.parse(query.get("move")));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Object one : workflows.values()) {
      Document workflow = Document.of(one);
      if (workflow.whole("created_at") >= since
          && fits(query.get("state"), workflow.text("state"))
          && wanted.map(move -> hasMove(workflow, move)).orElse(true)) {
        rows.add(workflow(workflow, one, nowMs));
      }
    }
    Comparator<Map<String, Object>> youngest =
        Comparator.comparing(row -> -Document.wholeOf(row.get("created_at")));
    rows.sort(youngest.thenComparing(row -> (String) row.get("workflow"), CodePoints.ORDER));
    return page(rows, query);
  }

  private static Map<String, Object> workflow(Document workflow, Object whole, long nowMs) {
    Map<String, Object> asked = Map.of("workflow", whole, "now_ms", nowMs);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("workflow", workflow.text("id"));
    row.put("label", workflow.text("label"));
    row.put("state", workflow.text("state"));
    row.put("created", Timestamps.text(workflow.whole("created_at"), 0));
    row.put("created_at", workflow.whole("created_at"));
    row.put("percent", new BatchProgress().handleRequest(asked, null).percent());
    row.put(
        "outcome",
        workflow.find("summary").flatMap(told -> Document.of(told).findText("outcome")).orElse(null));
    return row;
  }

  /** Rows of workflows as lines for people, under one word for all, with moments in a zone. */
  static String workflowsText(
      List<Map<String, Object>> rows, String since, long nowMs, int offsetMinutes) {
    String head = "%d workflow%s".formatted(rows.size(), rows.size() == 1 ? "" : "s");
    if (since != null && !since.isEmpty()) {
      long start = Timestamps.parse(since);
      head +=
          " since %s, %s ago"
              .formatted(
                  Timestamps.text(start, offsetMinutes),
                  Durations.text(Math.subtractExact(nowMs, start)));
    }
    if (!rows.isEmpty()) {
      head += ": " + Outcomes.outcome(rows.stream().map(Listing::come).toList(), false);
    }
    List<String> lines = new ArrayList<>(List.of(head));
    for (Map<String, Object> row : rows) {
      lines.add(
          "  %s  %s  %s, %s %%  %s"
              .formatted(
                  row.get("workflow"),
                  Timestamps.text(Document.wholeOf(row.get("created_at")), offsetMinutes),
                  come(row),
                  row.get("percent"),
                  row.get("label")));
    }
    return String.join("\n", lines);
  }

  private static String come(Map<String, Object> row) {
    Object outcome = row.get("outcome");
    return (String) (outcome == null || outcome.equals("") ? row.get("state") : outcome);
  }

  /** Whether a workflow moves the endpoint, from and to the hosts that are named. */
  private static boolean hasMove(Document workflow, MoveRequest wanted) {
    Object found = Json.map(workflow.get("moves")).get(wanted.endpoint());
    if (found == null) {
      return false;
    }
    Document move = Document.of(found);
    return wanted.source().map(source -> move.findText("source").equals(Optional.of(source)))
            .orElse(true)
        && wanted.target().map(target -> move.findText("target").equals(Optional.of(target)))
            .orElse(true);
  }

  private static boolean fits(Object wanted, String value) {
    return wanted == null || wanted.equals(value);
  }

  private static Pattern expression(Object text) {
    if (!(text instanceof String expression)) {
      throw new InvalidField("`match` is no regular expression: it is no text");
    }
    try {
      return Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    } catch (PatternSyntaxException error) {
      throw new InvalidField("`match` is no regular expression: " + error.getDescription());
    }
  }

  private static List<Map<String, Object>> page(
      List<Map<String, Object>> rows, Map<String, Object> query) {
    Object value = query.get("limit");
    BigInteger limit =
        value == null ? BigInteger.valueOf(MOST_ROWS) : whole(value, "limit");
    if (limit.signum() < 1 || limit.compareTo(BigInteger.valueOf(MOST_ROWS)) > 0) {
      throw new InvalidField("`limit` is 1 to %d, not %s".formatted(MOST_ROWS, limit));
    }
    return List.copyOf(rows.subList(0, Math.min(rows.size(), limit.intValueExact())));
  }

  /** What callers send for a whole number: numbers are cut, texts may have spaces around them. */
  static BigInteger whole(Object value, String field) {
    if (value instanceof Boolean flag) {
      return flag ? BigInteger.ONE : BigInteger.ZERO;
    } else if (value instanceof Double number && Double.isFinite(number)) {
      return new BigDecimal(number).toBigInteger();
    } else if (value instanceof Number number && !(value instanceof Double)) {
      return new BigInteger(number.toString());
    } else if (value instanceof String text && WHOLE.matcher(Whitespace.strip(text)).matches()) {
      return new BigInteger(inAscii(Whitespace.strip(text)));
    }
    throw new InvalidField("`%s` is a number, not `%s`".formatted(field, value));
  }

  private static String inAscii(String digits) {
    StringBuilder ascii = new StringBuilder();
    digits
        .codePoints()
        .filter(point -> point != '_')
        .forEach(
            point -> {
              int digit = Character.digit(point, 10);
              ascii.appendCodePoint(digit < 0 ? point : '0' + digit);
            });
    return ascii.toString();
  }
}
