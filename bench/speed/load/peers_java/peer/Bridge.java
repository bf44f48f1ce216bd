package peer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import fleet.PlaceHandler;
import fleet.PlaceMapHandler;
import fleet.PlanHandler;
import fleet.PlanMapHandler;
import fleet.Planning;
import fleet.Slots;
import fleet.Texts;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the shortest loop by hand calls: one JSON text in, one out. */
public final class Bridge {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>() {};
  private static final TypeReference<List<Object>> ARGUMENTS = new TypeReference<>() {};

  private Bridge() {}

  /** One subject by name: its arguments from JSON, and the call. */
  interface Subject {
    Object read(String text) throws IOException;

    Object call(Object input);
  }

  private record Made(Reader reader, java.util.function.Function<Object, Object> function)
      implements Subject {
    @Override
    public Object read(String text) throws IOException {
      return reader.read(text);
    }

    @Override
    public Object call(Object input) {
      return function.apply(input);
    }
  }

  private interface Reader {
    Object read(String text) throws IOException;
  }

  private static final Map<String, Subject> SUBJECTS =
      Map.of(
          "tiny-method", method(a -> Slots.place((String) a.get(0), whole(a, 1), whole(a, 2))),
          "tiny-naive", method(a -> Slots.placeNaively((String) a.get(0), whole(a, 1), whole(a, 2))),
          "tiny-map", map(new PlaceMapHandler()::handleRequest),
          "tiny-pojo", pojo(PlaceHandler.Change.class, new PlaceHandler()::handleRequest),
          "medium-method",
              method(a -> Planning.plan(maps(a, 0), maps(a, 1), whole(a, 2), whole(a, 3))),
          "medium-naive",
              method(a -> Planning.planNaively(maps(a, 0), maps(a, 1), whole(a, 2), whole(a, 3))),
          "medium-map", map(new PlanMapHandler()::handleRequest),
          "medium-pojo", pojo(PlanHandler.Request.class, new PlanHandler()::handleRequest),
          "heavy-method",
              method(a -> Texts.distance((String) a.get(0), (String) a.get(1), whole(a, 2))));

  static Subject subject(String name) {
    return SUBJECTS.get(name);
  }

  /** What a careful team writes: reads the arguments, calls, writes the answer. */
  public static String call(String subject, String text) throws IOException {
    Subject found = SUBJECTS.get(subject);
    return JSON.writeValueAsString(found.call(found.read(text)));
  }

  private static long whole(List<Object> arguments, int index) {
    return ((Number) arguments.get(index)).longValue();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> maps(List<Object> arguments, int index) {
    return (List<Map<String, Object>>) arguments.get(index);
  }

  @SuppressWarnings("unchecked")
  private static Subject method(java.util.function.Function<List<Object>, Object> function) {
    return new Made(
        text -> JSON.readValue(text, ARGUMENTS), given -> function.apply((List<Object>) given));
  }

  private interface Handle<E, A> {
    A handle(E event, com.amazonaws.services.lambda.runtime.Context context);
  }

  @SuppressWarnings("unchecked")
  private static Subject map(Handle<Map<String, Object>, Map<String, Object>> handler) {
    return new Made(
        text -> JSON.readValue(text, DOCUMENT),
        event -> handler.handle((Map<String, Object>) event, null));
  }

  private static <E, A> Subject pojo(Class<E> type, Handle<E, A> handler) {
    return new Made(
        text -> JSON.readValue(text, type), event -> handler.handle(type.cast(event), null));
  }
}
