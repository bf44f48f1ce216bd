package parity.world;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of the parameters of operations means the same in two ways (docs/effects.md lists it). */
final class AwsRules {
  private static final List<String> EXPRESSIONS =
      List.of(
          "ConditionExpression",
          "FilterExpression",
          "KeyConditionExpression",
          "ProjectionExpression",
          "UpdateExpression");
  private static final Set<String> KEYWORDS =
      Set.of("ADD", "AND", "BETWEEN", "DELETE", "IN", "NOT", "OR", "REMOVE", "SET");
  private static final Pattern WORD = Pattern.compile("[#:]?\\w+|<>|<=|>=|\\S");

  private AwsRules() {}

  static Object ruled(String service, Map<String, Object> parameters) {
    if (service.equals("s3")) {
      return ofS3(parameters);
    }
    boolean dynamo = service.equals("dynamodb") || service.equals("dynamodbstreams");
    return dynamo ? items(parameters) : parameters;
  }

  private static Object ofS3(Map<String, Object> parameters) {
    for (String name : List.of("Bucket", "Key")) {
      if (parameters.containsKey("Destination" + name)) {
        parameters.put(name, parameters.remove("Destination" + name));
      }
    }
    Object bucket = parameters.remove("SourceBucket");
    Object key = parameters.remove("SourceKey");
    Object version = parameters.remove("SourceVersionId");
    if (bucket != null && key != null) {
      String from = version == null ? "" : "?versionId=" + version;
      parameters.put("CopySource", bucket + "/" + key + from);
    } else if (parameters.get("CopySource") instanceof String source) {
      String plain = URLDecoder.decode(source.replace("+", "%2B"), StandardCharsets.UTF_8);
      parameters.put("CopySource", plain.replaceFirst("^/+", ""));
    }
    if (parameters.get("Delete") instanceof Map<?, ?> delete
        && delete.get("Objects") instanceof List<?> objects) {
      Map<String, Object> made = new LinkedHashMap<>();
      delete.forEach((name, value) -> made.put((String) name, value));
      made.put("Objects", sorted(objects));
      parameters.put("Delete", made);
    }
    return parameters;
  }

  private static Object items(Object value) {
    if (value instanceof List<?> items) {
      List<Object> made = new ArrayList<>();
      items.forEach(item -> made.add(items(item)));
      return made;
    } else if (!(value instanceof Map<?, ?>)) {
      return value;
    }
    Map<String, Object> made = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((name, one) -> made.put((String) name, items(one)));
    if (made.size() == 1) {
      Map.Entry<String, Object> only = made.entrySet().iterator().next();
      Object known = tagged(only.getKey(), only.getValue());
      if (known != null) {
        return Map.of(only.getKey(), known);
      }
    }
    Object names = made.remove("ExpressionAttributeNames");
    Object values = made.remove("ExpressionAttributeValues");
    for (String name : EXPRESSIONS) {
      if (made.get(name) instanceof String words) {
        made.put(name, expression(words, entries(names), entries(values)));
      }
    }
    return made;
  }

  private static Map<?, ?> entries(Object value) {
    return value == null ? Map.of() : (Map<?, ?>) value;
  }

  /** What is held under a tag of a value, in one way; null where it is none. */
  private static Object tagged(String tag, Object held) {
    if (tag.equals("N") && held instanceof String digits) {
      return number(digits);
    } else if (tag.equals("NS") && held instanceof List<?> numbers) {
      return numbers.stream().map(one -> number((String) one)).sorted().toList();
    } else if (tag.equals("SS") && held instanceof List<?> texts) {
      return sorted(texts);
    } else if (tag.equals("BS") && held instanceof List<?> parts) {
      return sorted(parts);
    }
    return null;
  }

  private static List<?> sorted(List<?> values) {
    return values.stream().sorted((one, other) -> byCodePoints(text(one), text(other))).toList();
  }

  private static int byCodePoints(String one, String other) {
    return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
  }

  private static String number(String digits) {
    try {
      BigDecimal value = new BigDecimal(digits);
      return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    } catch (NumberFormatException error) {
      return digits;
    }
  }

  private static String expression(String words, Map<?, ?> names, Map<?, ?> values) {
    List<String> made = new ArrayList<>();
    Matcher matcher = WORD.matcher(words);
    while (matcher.find()) {
      String word = matcher.group();
      String upper = word.toUpperCase(Locale.ROOT);
      if (names.containsKey(word)) {
        String name = (String) names.get(word);
        boolean plain = name.matches("\\w+") && !KEYWORDS.contains(name.toUpperCase(Locale.ROOT));
        made.add(plain ? name : "`" + name + "`");
      } else if (values.containsKey(word)) {
        made.add(text(values.get(word)));
      } else {
        made.add(KEYWORDS.contains(upper) ? upper : word);
      }
    }
    return String.join(" ", made);
  }

  /** A text that is equal for equal parameters: JSON with sorted names. */
  static String text(Object value) {
    if (value instanceof Map<?, ?> members) {
      List<String> made = new ArrayList<>();
      new TreeMap<>(members)
          .forEach((name, one) -> made.add(text(name) + ":" + text(one)));
      return "{" + String.join(",", made) + "}";
    } else if (value instanceof List<?> items) {
      return "[" + String.join(",", items.stream().map(AwsRules::text).toList()) + "]";
    } else if (value instanceof byte[] bytes) {
      return "\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
    } else if (value instanceof Number || value instanceof Boolean || value == null) {
      return String.valueOf(value);
    }
    return quoted(value.toString());
  }

  private static String quoted(String plain) {
    StringBuilder made = new StringBuilder("\"");
    for (char one : plain.toCharArray()) {
      switch (one) {
        case '"' -> made.append("\\\"");
        case '\\' -> made.append("\\\\");
        case '\n' -> made.append("\\n");
        case '\r' -> made.append("\\r");
        case '\t' -> made.append("\\t");
        case '\b' -> made.append("\\b");
        case '\f' -> made.append("\\f");
        default -> made.append(one < ' ' ? String.format("\\u%04x", (int) one) : one);
      }
    }
    return made.append('"').toString();
  }
}
