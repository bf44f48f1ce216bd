package parity.world;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a request is answered with. */
record HttpAnswer(int statusCode, HttpHeaders headers, byte[] body)
    implements HttpResponse.ResponseInfo {
  private static final int OK = 200;

  /** The answer to a request. */
  static HttpAnswer to(String method, List<Object> asked) throws IOException {
    try {
      Object answer = Outside.call("http", method, asked);
      return of(answer == null ? Map.of() : (Map<?, ?>) answer);
    } catch (Outside.Failed failed) {
      throw Http.failure(failed);
    }
  }

  private static HttpAnswer of(Map<?, ?> answer) {
    Map<String, Object> headers = new LinkedHashMap<>();
    if (answer.get("headers") instanceof Map<?, ?> told) {
      told.forEach((name, value) -> headers.put(name.toString().toLowerCase(Locale.ROOT), value));
    }
    Object content = answer.get("body");
    if (answer.containsKey("json")) {
      content = AwsRules.text(answer.get("json"));
      headers.putIfAbsent("content-type", "application/json");
    }
    byte[] body =
        content instanceof byte[] bytes
            ? bytes
            : content == null ? new byte[0] : content.toString().getBytes(StandardCharsets.UTF_8);
    List.of("transfer-encoding", "content-encoding", "connection").forEach(headers::remove);
    headers.put("content-length", body.length);
    int status = answer.get("status") instanceof Number number ? number.intValue() : OK;
    return new HttpAnswer(
        status, HttpHeaders.of(Http.lists(headers), (name, value) -> true), body);
  }

  @Override
  public HttpClient.Version version() {
    return HttpClient.Version.HTTP_1_1;
  }
}
