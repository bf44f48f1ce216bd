import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.stream.Collectors;

/** Answers what the JDK makes of values: a line a question, texts in hexadecimal UTF-16. */
public final class Jdk {
  private Jdk() {}

  public static void main(String[] args) {
    Scanner lines = new Scanner(System.in, StandardCharsets.US_ASCII);
    StringBuilder out = new StringBuilder();
    while (lines.hasNextLine()) {
      String[] words = lines.nextLine().split(" ", -1);
      String answer;
      try {
        answer = answer(words[0], Arrays.copyOfRange(words, 1, words.length));
      } catch (RuntimeException error) {
        answer = "!" + error.getClass().getName();
      }
      out.append(answer).append('\n');
    }
    System.out.print(out);
  }

  private static String answer(String question, String[] given) {
    return switch (question) {
      case "double-text" -> hex(Double.toString(number(given[0])));
      case "float-text" -> hex(Float.toString((float) number(given[0])));
      case "round" -> Long.toString(Math.round(number(given[0])));
      case "long" -> Long.toString((long) number(given[0]));
      case "int" -> Integer.toString((int) number(given[0]));
      case "remainder" -> bits(number(given[0]) % number(given[1]));
      case "quotient" -> bits(number(given[0]) / number(given[1]));
      case "pow" -> bits(Math.pow(number(given[0]), number(given[1])));
      case "math" -> bits(math(given[0], number(given[1])));
      case "sum" -> bits(Arrays.stream(given).mapToDouble(Jdk::number).sum());
      case "int-math" -> intMath(given[0], Integer.parseInt(given[1]), Integer.parseInt(given[2]));
      case "long-math" -> longMath(given[0], Long.parseLong(given[1]), Long.parseLong(given[2]));
      case "format" ->
          hex(String.format(Locale.ROOT, text(given[0]), (Object) number(given[1])));
      case "set-scale" ->
          bits(
              new BigDecimal(Double.toString(number(given[0])))
                  .setScale(Integer.parseInt(given[1]), RoundingMode.HALF_UP)
                  .doubleValue());
      case "parse-long" -> Long.toString(Long.parseLong(text(given[0]), Integer.parseInt(given[1])));
      case "parse-int" -> Integer.toString(Integer.parseInt(text(given[0])));
      case "parse-double" -> bits(Double.parseDouble(text(given[0])));
      case "trim" -> hex(text(given[0]).trim());
      case "strip" -> hex(text(given[0]).strip());
      case "compare" -> Integer.toString(Integer.signum(text(given[0]).compareTo(text(given[1]))));
      case "hash" -> Integer.toString(text(given[0]).hashCode());
      case "hash-long" -> Integer.toString(Long.hashCode(Long.parseLong(given[0])));
      case "hash-double" -> Integer.toString(Double.hashCode(number(given[0])));
      case "split" -> list(text(given[0]).split(text(given[1]), Integer.parseInt(given[2])));
      case "replace-all" -> hex(text(given[0]).replaceAll(text(given[1]), text(given[2])));
      case "map-order" -> order(given, false);
      case "map-order-computed" -> order(given, true);
      case "is" -> Boolean.toString(is(given[0], (char) Integer.parseInt(given[1])));
      case "upper-chars" -> hex(chars(text(given[0]), true));
      case "lower-chars" -> hex(chars(text(given[0]), false));
      case "lower" -> hex(text(given[0]).toLowerCase(Locale.ROOT));
      case "upper" -> hex(text(given[0]).toUpperCase(Locale.ROOT));
      case "url" -> hex(URLEncoder.encode(text(given[0]), StandardCharsets.UTF_8));
      case "mime" ->
          hex(
              Base64.getMimeEncoder()
                  .encodeToString(text(given[0]).getBytes(StandardCharsets.UTF_8)));
      case "duration" -> hex(Duration.ofNanos(Long.parseLong(given[0])).toString());
      case "date-time" -> hex(LocalDateTime.parse(text(given[0])).toString());
      case "lines" -> list(text(given[0]).lines().toArray(String[]::new));
      case "substring" ->
          hex(text(given[0]).substring(Integer.parseInt(given[1]), Integer.parseInt(given[2])));
      default -> throw new IllegalStateException(question);
    };
  }

  private static double math(String name, double x) {
    return switch (name) {
      case "sqrt" -> Math.sqrt(x);
      case "log" -> Math.log(x);
      case "log10" -> Math.log10(x);
      case "exp" -> Math.exp(x);
      case "asin" -> Math.asin(x);
      default -> throw new IllegalStateException(name);
    };
  }

  private static String intMath(String operator, int a, int b) {
    return Integer.toString(
        switch (operator) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> a / b;
          case "%" -> a % b;
          case "<<" -> a << b;
          case ">>" -> a >> b;
          case ">>>" -> a >>> b;
          default -> throw new IllegalStateException(operator);
        });
  }

  private static String longMath(String operator, long a, long b) {
    return Long.toString(
        switch (operator) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> a / b;
          case "%" -> a % b;
          case "<<" -> a << b;
          case ">>" -> a >> b;
          case ">>>" -> a >>> b;
          default -> throw new IllegalStateException(operator);
        });
  }

  private static boolean is(String name, char c) {
    return switch (name) {
      case "digit" -> Character.isDigit(c);
      case "letter" -> Character.isLetter(c);
      case "letter-or-digit" -> Character.isLetterOrDigit(c);
      case "whitespace" -> Character.isWhitespace(c);
      case "upper-case" -> Character.isUpperCase(c);
      case "lower-case" -> Character.isLowerCase(c);
      default -> throw new IllegalStateException(name);
    };
  }

  private static String chars(String text, boolean upper) {
    StringBuilder made = new StringBuilder();
    for (char c : text.toCharArray()) {
      made.append(upper ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return made.toString();
  }

  private static String order(String[] given, boolean computed) {
    Map<String, Integer> map = new HashMap<>();
    for (String word : given) {
      if (computed) {
        map.computeIfAbsent(text(word), key -> 1);
      } else {
        map.put(text(word), 1);
      }
    }
    return map.keySet().stream().map(Jdk::hex).collect(Collectors.joining(" "));
  }

  private static double number(String bits) {
    return Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
  }

  private static String bits(double number) {
    return String.format("%016x", Double.doubleToLongBits(number));
  }

  private static String text(String hex) {
    StringBuilder made = new StringBuilder();
    for (int i = 0; i < hex.length(); i += 4) {
      made.append((char) Integer.parseInt(hex.substring(i, i + 4), 16));
    }
    return made.toString();
  }

  private static String hex(String text) {
    StringBuilder made = new StringBuilder();
    for (char c : text.toCharArray()) {
      made.append(String.format("%04x", (int) c));
    }
    return made.toString();
  }

  private static String list(String[] parts) {
    List<String> made = new ArrayList<>();
    for (String part : parts) {
      made.add("," + hex(part));
    }
    return String.join("", made);
  }
}
