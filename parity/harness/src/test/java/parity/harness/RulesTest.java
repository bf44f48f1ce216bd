package parity.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RulesTest {
  private static final Set<String> LATER =
      Set.of(
          "java/lang/Thread.sleep(Ljava/time/Duration;)V", // 19
          "java/util/Collections.shuffle(Ljava/util/List;Ljava/util/random/RandomGenerator;)V");
  private final Rules rules = new Rules();

  @Test
  void whatStandsInHasTheSameNameAndTypesAsARealMethod() throws Exception {
    int checked = 0;
    for (Map.Entry<String, Map<String, Rules.Call>> owner : rules.calls().entrySet()) {
      for (Map.Entry<String, Rules.Call> call : owner.getValue().entrySet()) {
        check(owner.getKey(), call.getKey(), call.getValue());
        checked++;
      }
    }
    assertTrue(checked > 140, "only " + checked);
  }

  private static void check(String owner, String call, Rules.Call stand) throws Exception {
    String place = owner + "." + call;
    String type = call.substring(call.indexOf('('));
    List<String> real = signatures(Class.forName(owner.replace('/', '.')), false);
    if (!LATER.contains(place) || Runtime.version().feature() >= 21) {
      assertTrue(real.contains(call), () -> "there is no " + place);
    }
    int dot = stand.target().indexOf('.');
    Class<?> home = Class.forName("parity.world." + stand.target().substring(0, dot));
    String wanted = stand.target().substring(dot + 1) + stand.descriptor(type);
    assertTrue(signatures(home, true).contains(wanted), () -> home + " has no static " + wanted);
    assertTrue(Modifier.isPublic(home.getModifiers()), () -> home + " is not public");
  }

  private static List<String> signatures(Class<?> type, boolean onlyStatic) {
    List<String> found = new ArrayList<>();
    for (Method method : type.getMethods()) {
      if (!onlyStatic || Modifier.isStatic(method.getModifiers())) {
        found.add(method.getName() + descriptor(method, method.getReturnType()));
      }
    }
    return found;
  }

  private static String descriptor(Executable method, Class<?> result) {
    return MethodType.methodType(result, method.getParameterTypes()).toMethodDescriptorString();
  }

  @Test
  void whatOpensFilesAndReachesBeyondIsThere() throws Exception {
    int later = Runtime.version().feature();
    for (Map.Entry<String, Set<String>> owner : rules.files().entrySet()) {
      Class<?> type = Class.forName(owner.getKey().replace('/', '.'));
      List<String> real = new ArrayList<>(signatures(type, false));
      Arrays.stream(type.getConstructors())
          .forEach(one -> real.add("<init>" + descriptor(one, void.class)));
      owner.getValue().forEach(call -> assertTrue(real.contains(call), owner.getKey() + "." + call));
    }
    for (Map.Entry<String, Set<String>> owner : rules.beyond().entrySet()) {
      if (owner.getKey().startsWith("java/lang/foreign/") && later < 22) {
        continue;
      }
      Class<?> type = Class.forName(owner.getKey().replace('/', '.'));
      List<String> real = new ArrayList<>(List.of("<init>"));
      Arrays.stream(type.getMethods()).forEach(method -> real.add(method.getName()));
      owner.getValue().forEach(name -> assertTrue(real.contains(name), owner.getKey() + "." + name));
    }
  }

  @Test
  void referencesToFilesHaveWhatStandsInForThem() {
    List<String> stands = signatures(parity.world.Opened.class, true);
    rules.files().get("java/nio/file/Files").stream()
        .filter(call -> Rules.hasOpener("java/nio/file/Files", call.substring(call.indexOf('('))))
        .forEach(call -> assertTrue(stands.contains(call), call));
    assertTrue(stands.contains("isReadable(Ljava/nio/file/Path;)Z"));
  }
}
