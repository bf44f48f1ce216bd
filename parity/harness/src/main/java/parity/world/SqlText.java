package parity.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Statements in one writing: as the python side has them (docs/effects.md). */
final class SqlText {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<space>\\s+|--[^\\n]*|/\\*.*?\\*/)"
              + "|(?<text>'(?:[^']|'')*')"
              + "|(?<name>\"(?:[^\"]|\"\")*\"|`[^`]*`)"
              + "|(?<mark>\\?\\d*)"
              + "|(?<word>[A-Za-z_][\\w$]*)"
              + "|(?<number>\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)"
              + "|(?<sign>::|<=|>=|<>|!=|\\|\\||.)",
          Pattern.DOTALL);
  private static final Set<String> READS =
      Set.of("select", "show", "explain", "describe", "values", "pragma", "with");
  private static final Set<String> CHANGES =
      Set.of("insert", "update", "delete", "merge", "replace");
  private static final Set<String> TIGHT_BEFORE = Set.of(",", ")", ".", "::");
  private static final Set<String> TIGHT_AFTER = Set.of("(", ".", "::");

  private SqlText() {}

  static String normal(String statement) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(statement);
    while (matcher.find()) {
      String token = matcher.group();
      if (matcher.group("space") != null) {
        continue;
      } else if (matcher.group("word") != null) {
        token = token.toLowerCase(Locale.ROOT);
      } else if (matcher.group("mark") != null) {
        token = "?";
      } else if (token.equals("!=")) {
        token = "<>";
      }
      tokens.add(token);
    }
    while (!tokens.isEmpty() && tokens.get(tokens.size() - 1).equals(";")) {
      tokens.remove(tokens.size() - 1);
    }
    return joined(tokens);
  }

  private static String joined(List<String> tokens) {
    StringBuilder made = new StringBuilder();
    String before = "(";
    for (String token : tokens) {
      if (!TIGHT_BEFORE.contains(token) && !TIGHT_AFTER.contains(before)) {
        made.append(' ');
      }
      made.append(token);
      before = token;
    }
    return made.toString();
  }

  /** Whether a statement changes what is in a database, or its tables. */
  static boolean changes(String statement) {
    List<String> words = List.of(statement.split(" "));
    if (!READS.contains(words.get(0))) {
      return !words.get(0).isEmpty();
    }
    return words.get(0).equals("with") && words.stream().anyMatch(CHANGES::contains);
  }
}
