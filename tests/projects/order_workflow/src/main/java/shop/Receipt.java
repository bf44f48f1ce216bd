package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Adds a receipt to an order, without reading it: a text after what came in. */
public final class Receipt implements RequestStreamHandler {
  @Override
  public void handleRequest(InputStream order, OutputStream out, Context context)
      throws IOException {
    String text = new String(order.readAllBytes(), StandardCharsets.UTF_8).strip();
    String shop = System.getenv().getOrDefault("SHOP", "nobody");
    String whole = "{\"order\":" + text + ",\"shop\":\"" + shop + "\"}";
    out.write(whole.getBytes(StandardCharsets.UTF_8));
  }
}
