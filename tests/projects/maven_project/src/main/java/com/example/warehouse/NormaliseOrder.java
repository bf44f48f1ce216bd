package com.example.warehouse;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Trims the keys, sorts the tags, keeps everything else: a handler of maps. */
public final class NormaliseOrder
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    TreeSet<String> tags = new TreeSet<>();
    if (event.get("tags") instanceof List<?> given) {
      given.forEach(tag -> tags.add((String) tag));
    }
    Map<String, Object> kept = new LinkedHashMap<>();
    event.forEach((key, value) -> kept.put(key.strip(), value));
    kept.put("tags", List.copyOf(tags));
    kept.put("count", tags.size());
    return kept;
  }
}
