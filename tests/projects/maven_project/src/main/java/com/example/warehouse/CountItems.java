package com.example.warehouse;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import org.json.JSONArray;
import org.json.JSONObject;
import org.json.JSONTokener;

/** How many items of each kind there are: a handler of streams. */
public final class CountItems implements RequestStreamHandler {
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    JSONObject event = new JSONObject(new JSONTokener(input));
    if (!event.has("items")) {
      throw new NoSuchElementException("items");
    }
    JSONObject counts = new JSONObject();
    int largest = 0;
    JSONArray items = event.getJSONArray("items");
    for (int i = 0; i < items.length(); i++) {
      JSONObject item = items.getJSONObject(i);
      String kind = item.getString("kind");
      int count = counts.optInt(kind) + item.optInt("n", 1);
      counts.put(kind, count);
    }
    for (String kind : counts.keySet()) {
      largest = Math.max(largest, counts.getInt(kind));
    }
    Writer writer = new OutputStreamWriter(output, StandardCharsets.UTF_8);
    new JSONObject().put("counts", counts).put("largest", largest).write(writer);
    writer.flush();
  }
}
