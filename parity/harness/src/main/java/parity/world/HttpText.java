package parity.world;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Requests in one writing: as the python side has them (docs/effects.md). */
final class HttpText {
  private static final Set<String> NOISE =
      Set.of(
          "accept-encoding", "connection", "content-length", "expect", "host", "http2-settings",
          "keep-alive", "transfer-encoding", "upgrade", "user-agent");
  private static final Pattern ANY = Pattern.compile("(^|[ ,])\\*/\\*");
  private static final Pattern JSON = Pattern.compile("^application/([\\w.-]+\\+)?json\\b.*");
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String UNRESERVED = "-._~";
  private static final String PLAIN = UNRESERVED + "!$&'()*+,;=:@/";

  private HttpText() {}

  /** The arguments of the call that a request is. */
  static List<Object> asked(String url, Map<String, List<String>> headers, byte[] body) {
    Map<String, Object> kept = new TreeMap<>();
    headers.forEach(
        (name, values) -> {
          String low = name.toLowerCase(Locale.ROOT);
          if (!NOISE.contains(low)) {
            kept.put(low, String.join(", ", values.stream().map(String::strip).toList()));
          }
        });
    if (kept.get("accept") instanceof String accept && ANY.matcher(accept).find()) {
      kept.remove("accept");
    }
    String kind = kept.get("content-type") instanceof String told ? told : "";
    if (kind.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(FORM)) {
      kept.remove("content-type");
    }
    Map<String, Object> made = new LinkedHashMap<>();
    if (!kept.isEmpty()) {
      made.put("headers", kept);
    }
    if (body.length > 0) {
      content(body, kind, made);
    }
    return List.of(address(url), made);
  }

  private static void content(byte[] body, String kind, Map<String, Object> made) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (JSON.matcher(kind.strip().toLowerCase(Locale.ROOT)).matches()) {
        made.put("json", Outside.json(text));
      } else {
        made.put("body", text);
      }
    } catch (CharacterCodingException | IllegalArgumentException other) {
      made.put("body", body);
    }
  }

  /** A URL in one writing; the parameters of its query by their names. */
  static String address(String url) {
    URI parts = URI.create(url);
    String scheme = parts.getScheme().toLowerCase(Locale.ROOT);
    StringBuilder made = new StringBuilder(scheme).append("://");
    made.append(parts.getHost().toLowerCase(Locale.ROOT));
    int usual = scheme.equals("https") ? 443 : 80;
    if (parts.getPort() >= 0 && parts.getPort() != usual) {
      made.append(':').append(parts.getPort());
    }
    String path = parts.getRawPath();
    made.append(escaped(path == null || path.isEmpty() ? "/" : path, PLAIN));
    if (parts.getRawQuery() != null && !parts.getRawQuery().isEmpty()) {
      List<String[]> pairs = new ArrayList<>();
      for (String pair : parts.getRawQuery().split("&")) {
        if (!pair.isEmpty()) {
          int sign = pair.indexOf('=');
          String name = sign < 0 ? pair : pair.substring(0, sign);
          String value = sign < 0 ? "" : "=" + query(pair.substring(sign + 1));
          pairs.add(new String[] {query(name), value});
        }
      }
      pairs.sort(Comparator.comparing(pair -> pair[0]));
      made.append('?');
      made.append(String.join("&", pairs.stream().map(pair -> pair[0] + pair[1]).toList()));
    }
    return made.toString();
  }

  private static String query(String part) {
    return escaped(part.replace("+", " "), UNRESERVED);
  }

  /** A part of a URL, with nothing escaped that need not be; a slash that is escaped stays so. */
  private static String escaped(String part, String safe) {
    StringBuilder made = new StringBuilder();
    for (byte one : unescaped(part, safe.equals(PLAIN))) {
      char c = (char) (one & 0xff);
      if (c == 0) {
        made.append("%2F");
      } else if (c < 0x80 && (Character.isLetterOrDigit(c) || safe.indexOf(c) >= 0)) {
        made.append(c);
      } else {
        made.append(String.format("%%%02X", (int) c));
      }
    }
    return made.toString();
  }

  /** What escapes stand for; in a path, 0 for a slash. */
  private static byte[] unescaped(String part, boolean path) {
    byte[] given = part.getBytes(StandardCharsets.UTF_8);
    byte[] made = new byte[given.length];
    int length = 0;
    for (int i = 0; i < given.length; i++) {
      int high = i + 2 < given.length ? Character.digit(given[i + 1], 16) : -1;
      int low = i + 2 < given.length ? Character.digit(given[i + 2], 16) : -1;
      if (given[i] == '%' && high >= 0 && low >= 0) {
        byte meant = (byte) (high * 16 + low);
        made[length++] = path && meant == '/' ? 0 : meant;
        i += 2;
      } else {
        made[length++] = given[i];
      }
    }
    return java.util.Arrays.copyOf(made, length);
  }
}
