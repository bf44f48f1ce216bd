package parity.world;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Stands for a connection that {@link URL#openConnection} gives. */
final class HttpConnection extends HttpURLConnection {
  private static final int ERROR = 400;
  private static final int GONE = 404;
  private final Map<String, List<String>> asked = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private HttpAnswer answer;

  HttpConnection(URL address) {
    super(address);
  }

  /** Whether an address is asked by requests. */
  static boolean serves(URL address) {
    return address.getProtocol().equals("http") || address.getProtocol().equals("https");
  }

  @Override
  public void connect() {
    connected = true;
  }

  @Override
  public void disconnect() {
    connected = false;
  }

  @Override
  public boolean usingProxy() {
    return false;
  }

  @Override
  public void setRequestProperty(String name, String value) {
    asked.put(name, new ArrayList<>(List.of(value)));
  }

  @Override
  public void addRequestProperty(String name, String value) {
    asked.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
  }

  @Override
  public String getRequestProperty(String name) {
    List<String> values = asked.get(name);
    return values == null ? null : values.get(values.size() - 1);
  }

  @Override
  public Map<String, List<String>> getRequestProperties() {
    return Map.copyOf(asked);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    if (!doOutput) {
      throw new java.net.ProtocolException("cannot write to a URLConnection if doOutput=false");
    }
    if (method.equals("GET")) {
      method = "POST";
    }
    return sent;
  }

  private HttpAnswer answer() throws IOException {
    if (answer == null) {
      connected = true;
      answer = HttpAnswer.to(method, HttpText.asked(url.toString(), asked, sent.toByteArray()));
      responseCode = answer.statusCode();
    }
    return answer;
  }

  @Override
  public int getResponseCode() throws IOException {
    return answer().statusCode();
  }

  @Override
  public String getResponseMessage() throws IOException {
    return answer().statusCode() == HTTP_OK ? "OK" : "Status";
  }

  @Override
  public InputStream getInputStream() throws IOException {
    int status = answer().statusCode();
    if (status == GONE || status == HTTP_GONE) {
      throw new FileNotFoundException(url.toString());
    } else if (status >= ERROR) {
      throw new IOException(
          "Server returned HTTP response code: " + status + " for URL: " + url);
    }
    return new ByteArrayInputStream(answer.body());
  }

  @Override
  public InputStream getErrorStream() {
    boolean failed = answer != null && answer.statusCode() >= ERROR;
    return failed ? new ByteArrayInputStream(answer.body()) : null;
  }

  @Override
  public String getHeaderField(String name) {
    try {
      return answer().headers().firstValue(name).orElse(null);
    } catch (IOException error) {
      return null; // as HttpURLConnection does
    }
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    try {
      return answer().headers().map();
    } catch (IOException error) {
      return Map.of();
    }
  }
}
