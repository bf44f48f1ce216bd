package com.sable.moves;

import com.sable.moves.errors.Named;
import com.sable.moves.errors.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Calls hosts by JSON over HTTP/1.1; connections are kept. */
public final class HttpHostClient implements HostClient {
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final int FIRST_ERROR = 400;
  private static final HttpResponse.BodyHandler<byte[]> BYTES =
      HttpResponse.BodyHandlers.ofByteArray();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  @Override
  public Map<String, Object> call(
      String address, String method, String path, Map<String, Object> body, double timeout) {
    try {
      HttpResponse<byte[]> reply = http.send(request(address, method, path, body, timeout), BYTES);
      Map<String, Object> data = read(reply.body());
      if (reply.statusCode() >= FIRST_ERROR) {
        String text = String.valueOf(data.getOrDefault("text", "status " + reply.statusCode()));
        throw Named.of(String.valueOf(data.get("error")), text);
      }
      return data;
    } catch (IOException error) {
      throw silent(address, error);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw silent(address, error);
    }
  }

  private static HttpRequest request(
      String address, String method, String path, Map<String, Object> body, double timeout)
      throws IOException {
    HttpRequest.BodyPublisher sent =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(Json.text(body));
    return HttpRequest.newBuilder(URI.create("http://" + address + path))
        .method(method, sent)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofMillis(Math.round(timeout * 1000)))
        .build();
  }

  private static Map<String, Object> read(byte[] body) throws IOException {
    return body.length == 0
        ? Map.of()
        : Json.object(new String(body, StandardCharsets.UTF_8));
  }

  private static Unavailable silent(String address, Exception error) {
    return new Unavailable(
        "%s does not answer: %s".formatted(address, error.getClass().getSimpleName()));
  }
}
