package shop;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Does to the world what the Python side does; and methods that do something else. */
public final class Shelf {
  /** Made when it is asked first. */
  private static final class Objects {
    static final S3Client S3 = S3Client.create();
  }

  /** Made when it is asked first. */
  private static final class Tables {
    static final DynamoDbClient STOCK = DynamoDbClient.create();
  }

  private Shelf() {}

  private static PutObjectRequest.Builder note(String bucket, String name) {
    return PutObjectRequest.builder()
        .bucket(bucket)
        .key("notes/" + name)
        .contentType("text/plain")
        .metadata(Map.of("kind", "note"))
        .ifNoneMatch("*");
  }

  private static boolean put(PutObjectRequest request, String text) {
    try {
      Objects.S3.putObject(request, RequestBody.fromString(text));
    } catch (S3Exception error) {
      if (error.statusCode() != 412) {
        throw error;
      }
      return false;
    }
    return true;
  }

  public static boolean keep(String bucket, String name, String text) {
    return put(note(bucket, name).contentLength((long) text.length()).build(), text);
  }

  public static boolean keepLater(String bucket, String name, String text) {
    try (S3AsyncClient client = S3AsyncClient.builder().httpClient(new Nowhere()).build()) {
      client.putObject(note(bucket, name).build(), AsyncRequestBody.fromString(text)).join();
      return true;
    } catch (CompletionException error) {
      return ((S3Exception) error.getCause()).statusCode() != 412;
    }
  }

  /** A client that would be asked if anything went out. */
  private static final class Nowhere implements SdkAsyncHttpClient {
    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
      throw new IllegalStateException("a request went out");
    }

    @Override
    public void close() {}
  }

  public static boolean keepWrongKey(String bucket, String name, String text) {
    return put(note(bucket, name).key("note/" + name).build(), text);
  }

  public static boolean keepTwice(String bucket, String name, String text) {
    return put(note(bucket, name).build(), text) && put(note(bucket, name).build(), text);
  }

  public static boolean keepUnconditional(String bucket, String name, String text) {
    return put(note(bucket, name).ifNoneMatch(null).build(), text);
  }

  public static boolean keepOtherMetadata(String bucket, String name, String text) {
    return put(note(bucket, name).metadata(Map.of("kind", "Note")).build(), text);
  }

  private static String read(String bucket, String key) {
    try {
      return Objects.S3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asUtf8String();
    } catch (NoSuchKeyException error) {
      return null;
    }
  }

  private static void old(String bucket, String key, String text) {
    Objects.S3.putObject(r -> r.bucket(bucket).key("old/" + key), RequestBody.fromString(text));
  }

  private static void copy(String bucket, String key) {
    Objects.S3.copyObject(
        r ->
            r.sourceBucket(bucket)
                .sourceKey(key + " b")
                .destinationBucket(bucket)
                .destinationKey("x/" + key));
  }

  public static String move(String bucket, String key) throws IOException {
    String text = read(bucket, key);
    if (text == null) {
      return "none";
    }
    old(bucket, key, text);
    copy(bucket, key);
    Objects.S3.deleteObject(r -> r.bucket(bucket).key(key));
    return text;
  }

  public static String moveOtherOrder(String bucket, String key) {
    String text = read(bucket, key);
    if (text == null) {
      return "none";
    }
    Objects.S3.deleteObject(r -> r.bucket(bucket).key(key));
    old(bucket, key, text);
    copy(bucket, key);
    return text;
  }

  public static String moveForgets(String bucket, String key) {
    String text = read(bucket, key);
    if (text == null) {
      return "none";
    }
    old(bucket, key, text);
    copy(bucket, key);
    return text;
  }

  public static List<List<Object>> names(String bucket) {
    List<List<Object>> found = new ArrayList<>();
    for (S3Object one :
        Objects.S3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix("p/")).contents()) {
      List<Object> row = new ArrayList<>(List.of(one.key(), one.size()));
      row.add(one.lastModified() == null ? null : one.lastModified().toString().substring(0, 10));
      found.add(row);
    }
    return found;
  }

  private static UpdateItemRequest.Builder taking(String item, int count) {
    return UpdateItemRequest.builder()
        .tableName("stock")
        .key(Map.of("id", AttributeValue.fromS(item)))
        .updateExpression("set #count = #count - :taken  add #tags :tags")
        .conditionExpression("#count >= :taken")
        .expressionAttributeNames(Map.of("#count", "count", "#tags", "tags"))
        .expressionAttributeValues(
            Map.of(
                ":taken", AttributeValue.fromN(count + ".0"),
                ":tags", AttributeValue.fromSs(List.of("x", "y"))))
        .returnValues(ReturnValue.UPDATED_NEW);
  }

  private static int taken(UpdateItemRequest request) {
    try {
      return Integer.parseInt(Tables.STOCK.updateItem(request).attributes().get("count").n());
    } catch (ConditionalCheckFailedException error) {
      return -1;
    }
  }

  public static int take(String item, int count) {
    return taken(taking(item, count).build());
  }

  public static int takeUnconditional(String item, int count) {
    return taken(taking(item, count).conditionExpression(null).build());
  }

  // ------------------------------------------------------------ SQL

  private static final String INSERT =
      "insert into orders (item, paid, note) values (?, ?, ?)";

  private static Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:nothing:shop");
  }

  private static boolean moved(Connection connection, int count, String item) throws SQLException {
    String text = "update stock  set count = count - ? where item = ?";
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      statement.setInt(1, count);
      statement.setString(2, item);
      return statement.executeUpdate() == 1;
    }
  }

  private static int inserted(Connection connection, String text, String item, Object paid)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(text, Statement.RETURN_GENERATED_KEYS)) {
      statement.setString(1, item);
      statement.setObject(2, paid);
      statement.setNull(3, Types.VARCHAR);
      statement.executeUpdate();
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        return keys.getInt(1);
      }
    }
  }

  private static int ordered(String text, String item, int count, Object paid, boolean ends)
      throws SQLException {
    try (Connection connection = open()) {
      connection.setAutoCommit(false);
      try {
        if (!moved(connection, count, item)) {
          connection.rollback();
          return 0;
        }
        int id = inserted(connection, text, item, paid);
        if (ends) {
          connection.commit();
        }
        return id;
      } catch (SQLIntegrityConstraintViolationException error) {
        connection.rollback();
        return -1;
      }
    }
  }

  private static final BigDecimal PAID = new BigDecimal("12.50");

  public static int order(String item, int count) throws SQLException {
    return ordered(INSERT, item, count, PAID, true);
  }

  public static int orderWrongParameter(String item, int count) throws SQLException {
    return ordered(INSERT, item, count + 1, PAID, true);
  }

  public static int orderWrongType(String item, int count) throws SQLException {
    return ordered(INSERT, item, count, 12.5, true);
  }

  public static int orderOtherColumn(String item, int count) throws SQLException {
    return ordered(INSERT.replace("note)", "notes)"), item, count, PAID, true);
  }

  public static int orderWithoutCommit(String item, int count) throws SQLException {
    return ordered(INSERT, item, count, PAID, false);
  }

  public static int orderEachByItself(String item, int count) throws SQLException {
    try (Connection connection = open()) {
      return moved(connection, count, item) ? inserted(connection, INSERT, item, PAID) : 0;
    }
  }

  public static List<String> orders(String item) throws SQLException {
    List<String> found = new ArrayList<>();
    String text = "SELECT id, item, paid FROM orders /* all */ WHERE item=? ORDER BY id";
    try (Connection connection = open();
        PreparedStatement statement = connection.prepareStatement(text)) {
      statement.setString(1, item);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getLong("id") + " " + rows.getString(2) + " " + rows.getDouble("PAID"));
        }
      }
    }
    return found;
  }

  // ------------------------------------------------------------ HTTP

  private static HttpRequest.Builder asking(String name, int limit) {
    String query = "name=" + name.replace(" ", "%20") + "&limit=" + limit;
    return HttpRequest.newBuilder(URI.create("http://shop.test:80/orders?" + query))
        .header("Accept", "application/json");
  }

  private static int asked(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() == 200 ? answer.body().split(",").length : -answer.statusCode();
  }

  public static int ask(String name, int limit) throws IOException, InterruptedException {
    return asked(asking(name, limit).header("X-Team", "storage").build());
  }

  public static int askWithoutHeader(String name, int limit)
      throws IOException, InterruptedException {
    return asked(asking(name, limit).build());
  }

  public static int askUrl(String name, int limit) throws IOException {
    URL url = new URL(asking(name, limit).build().uri().toString());
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setRequestProperty("Accept", "application/json");
    connection.setRequestProperty("X-Team", "storage");
    if (connection.getResponseCode() != 200) {
      return -connection.getResponseCode();
    }
    String text = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return text.split(",").length;
  }

  private static String posted(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://shop.test/orders"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  public static String post(String item, int count) throws IOException, InterruptedException {
    return posted("{\"count\":" + count + ",\"item\":\"" + item + "\"}");
  }

  public static String postOtherBody(String item, int count)
      throws IOException, InterruptedException {
    return posted("{\"item\": \"" + item + "\", \"count\": \"" + count + "\"}");
  }
}
