package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.errors.InvalidField;
import com.sable.moves.text.Names;
import com.sable.moves.text.Sizes;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Validates a storage host to register: name, address, capacity, and how many moves it takes at
 * once; the event is the request.
 */
public final class ParseHost implements RequestHandler<Map<String, Object>, ParseHost.NewHost> {
  private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\p{Nd}{2,5}");
  private static final int DEFAULT_LIMIT = 4;
  private static final int LARGEST_LIMIT = 64;

  /** A host as it is registered. */
  public record NewHost(String name, String address, long capacity, int limit) {}

  @Override
  public NewHost handleRequest(Map<String, Object> body, Context context) {
    if (!(body.get("name") instanceof String name)
        || !(body.get("address") instanceof String address)) {
      throw new InvalidField("a host needs `name` and `address`, texts");
    }
    if (!ADDRESS.matcher(address).matches()) {
      throw new InvalidField("`address` is 127.0.0.1 and a port, not `%s`".formatted(address));
    }
    Object limit = body.getOrDefault("limit", DEFAULT_LIMIT);
    if (!(limit instanceof Integer number) || number < 1 || number > LARGEST_LIMIT) {
      throw new InvalidField("`limit` is 1 to " + LARGEST_LIMIT);
    }
    String canonical = Names.canonical(name);
    long capacity = Sizes.parse(body.getOrDefault("capacity", "4 TiB"));
    return new NewHost(canonical, address, capacity, number);
  }
}
