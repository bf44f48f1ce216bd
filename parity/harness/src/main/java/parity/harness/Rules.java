package parity.harness;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Type;

/** What of the JDK is stood in for when a class is defined, and by what. */
final class Rules {
  static final String WORLD = "parity/world/";
  static final String RANDOM = "java/util/Random";
  private static final String GENERATOR = "java/util/random/RandomGenerator";

  /** Static methods, by the class of {@code parity.world} that has them under the same name. */
  private static final String STATIC =
      """
      Exits java/lang/System exit(I)V
      Environment java/lang/System getenv(Ljava/lang/String;)Ljava/lang/String; getenv()Ljava/util/Map;
      Clocks java/lang/System currentTimeMillis()J nanoTime()J
      Clocks java/lang/Thread sleep(J)V sleep(JI)V sleep(Ljava/time/Duration;)V
      Clocks java/util/Calendar getInstance()Ljava/util/Calendar;
      Clocks java/util/Calendar getInstance(Ljava/util/TimeZone;)Ljava/util/Calendar;
      Clocks java/util/Calendar getInstance(Ljava/util/Locale;)Ljava/util/Calendar;
      Clocks java/util/Calendar getInstance(Ljava/util/TimeZone;Ljava/util/Locale;)Ljava/util/Calendar;
      Clocks java/time/Clock systemUTC()Ljava/time/Clock; systemDefaultZone()Ljava/time/Clock;
      Clocks java/time/Clock system(Ljava/time/ZoneId;)Ljava/time/Clock;
      Clocks java/time/Clock tickMillis(Ljava/time/ZoneId;)Ljava/time/Clock;
      Clocks java/time/Clock tickSeconds(Ljava/time/ZoneId;)Ljava/time/Clock;
      Clocks java/time/Clock tickMinutes(Ljava/time/ZoneId;)Ljava/time/Clock;
      Clocks java/time/InstantSource system()Ljava/time/InstantSource;
      Chances java/lang/Math random()D
      Chances java/lang/StrictMath random()D
      Chances java/util/UUID randomUUID()Ljava/util/UUID;
      Chances java/util/Collections shuffle(Ljava/util/List;)V
      Chances java/util/Collections shuffle(Ljava/util/List;Ljava/util/Random;)V
      Chances java/util/Collections shuffle(Ljava/util/List;Ljava/util/random/RandomGenerator;)V
      Chances java/util/random/RandomGenerator getDefault()Ljava/util/random/RandomGenerator;
      Chances java/security/SecureRandom getInstance(Ljava/lang/String;)Ljava/security/SecureRandom;
      Chances java/security/SecureRandom getInstance(Ljava/lang/String;Ljava/lang/String;)Ljava/security/SecureRandom;
      Chances java/security/SecureRandom getInstance(Ljava/lang/String;Ljava/security/Provider;)Ljava/security/SecureRandom;
      Chances java/security/SecureRandom getInstance(Ljava/lang/String;Ljava/security/SecureRandomParameters;)Ljava/security/SecureRandom;
      Chances java/security/SecureRandom getInstanceStrong()Ljava/security/SecureRandom;
      Settings java/util/Locale setDefault(Ljava/util/Locale;)V
      Settings java/util/Locale setDefault(Ljava/util/Locale$Category;Ljava/util/Locale;)V
      Settings java/util/TimeZone setDefault(Ljava/util/TimeZone;)V
      Settings java/lang/System setProperty(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;
      Settings java/lang/System clearProperty(Ljava/lang/String;)Ljava/lang/String;
      Settings java/lang/System setProperties(Ljava/util/Properties;)V
      Later java/util/concurrent/CompletableFuture delayedExecutor(JLjava/util/concurrent/TimeUnit;)Ljava/util/concurrent/Executor;
      Later java/util/concurrent/CompletableFuture delayedExecutor(JLjava/util/concurrent/TimeUnit;Ljava/util/concurrent/Executor;)Ljava/util/concurrent/Executor;
      Registered java/security/Security addProvider(Ljava/security/Provider;)I
      Registered java/security/Security insertProviderAt(Ljava/security/Provider;I)I
      Registered java/security/Security removeProvider(Ljava/lang/String;)V
      Registered java/security/Security setProperty(Ljava/lang/String;Ljava/lang/String;)V
      Registered javax/net/ssl/SSLContext setDefault(Ljavax/net/ssl/SSLContext;)V
      Registered javax/net/ssl/HttpsURLConnection setDefaultHostnameVerifier(Ljavax/net/ssl/HostnameVerifier;)V
      Registered javax/net/ssl/HttpsURLConnection setDefaultSSLSocketFactory(Ljavax/net/ssl/SSLSocketFactory;)V
      Registered java/net/URLConnection setFileNameMap(Ljava/net/FileNameMap;)V
      """;

  /** Methods of objects; what stands in takes the object first. */
  private static final String VIRTUAL =
      """
      Exits java/lang/Runtime exit(I)V halt(I)V addShutdownHook(Ljava/lang/Thread;)V
      Exits java/lang/Runtime removeShutdownHook(Ljava/lang/Thread;)Z
      Clocks java/util/concurrent/TimeUnit sleep(J)V
      Lookups java/net/URL openStream()Ljava/io/InputStream; openConnection()Ljava/net/URLConnection;
      Lookups java/net/URL openConnection(Ljava/net/Proxy;)Ljava/net/URLConnection;
      Http java/net/http/HttpClient send(Ljava/net/http/HttpRequest;Ljava/net/http/HttpResponse$BodyHandler;)Ljava/net/http/HttpResponse;
      Http java/net/http/HttpClient sendAsync(Ljava/net/http/HttpRequest;Ljava/net/http/HttpResponse$BodyHandler;)Ljava/util/concurrent/CompletableFuture;
      Registered javax/management/MBeanServer registerMBean(Ljava/lang/Object;Ljavax/management/ObjectName;)Ljavax/management/ObjectInstance;
      Sql javax/sql/DataSource getConnection()Ljava/sql/Connection;
      Sql javax/sql/DataSource getConnection(Ljava/lang/String;Ljava/lang/String;)Ljava/sql/Connection;
      Sql java/sql/Driver connect(Ljava/lang/String;Ljava/util/Properties;)Ljava/sql/Connection;
      Aws software/amazon/awssdk/core/client/handler/SyncClientHandler execute(Lsoftware/amazon/awssdk/core/client/handler/ClientExecutionParams;)Lsoftware/amazon/awssdk/core/SdkResponse;
      Aws software/amazon/awssdk/core/client/handler/SyncClientHandler execute(Lsoftware/amazon/awssdk/core/client/handler/ClientExecutionParams;Lsoftware/amazon/awssdk/core/sync/ResponseTransformer;)Ljava/lang/Object;
      AwsAsync software/amazon/awssdk/core/client/handler/AsyncClientHandler execute(Lsoftware/amazon/awssdk/core/client/handler/ClientExecutionParams;)Ljava/util/concurrent/CompletableFuture;
      AwsAsync software/amazon/awssdk/core/client/handler/AsyncClientHandler execute(Lsoftware/amazon/awssdk/core/client/handler/ClientExecutionParams;Lsoftware/amazon/awssdk/core/async/AsyncResponseTransformer;)Ljava/util/concurrent/CompletableFuture;
      """;

  /** What the thread's own generator is asked, under whatever type it is known. */
  private static final String DRAWS =
      """
      nextInt()I nextInt(I)I nextInt(II)I nextLong()J nextLong(J)J nextLong(JJ)J
      nextDouble()D nextDouble(D)D nextDouble(DD)D nextFloat()F nextFloat(F)F nextFloat(FF)F
      nextBoolean()Z nextBytes([B)V nextGaussian()D nextGaussian(DD)D nextExponential()D
      ints()Ljava/util/stream/IntStream; ints(J)Ljava/util/stream/IntStream;
      ints(II)Ljava/util/stream/IntStream; ints(JII)Ljava/util/stream/IntStream;
      longs()Ljava/util/stream/LongStream; longs(J)Ljava/util/stream/LongStream;
      longs(JJ)Ljava/util/stream/LongStream; longs(JJJ)Ljava/util/stream/LongStream;
      doubles()Ljava/util/stream/DoubleStream; doubles(J)Ljava/util/stream/DoubleStream;
      doubles(DD)Ljava/util/stream/DoubleStream; doubles(JDD)Ljava/util/stream/DoubleStream;
      """;

  private static final String[] TIMES = {
    "LocalDate", "LocalTime", "LocalDateTime", "ZonedDateTime", "OffsetDateTime", "OffsetTime",
    "Year", "YearMonth", "MonthDay"
  };

  /** What opens a path that it is given, as last or last but one: the path is noted. */
  private static final String FILES =
      """
      java/io/FileInputStream <init>(Ljava/lang/String;)V <init>(Ljava/io/File;)V
      java/io/FileReader <init>(Ljava/lang/String;)V <init>(Ljava/io/File;)V
      java/io/FileReader <init>(Ljava/lang/String;Ljava/nio/charset/Charset;)V
      java/io/FileReader <init>(Ljava/io/File;Ljava/nio/charset/Charset;)V
      java/io/RandomAccessFile <init>(Ljava/lang/String;Ljava/lang/String;)V
      java/io/RandomAccessFile <init>(Ljava/io/File;Ljava/lang/String;)V
      java/io/File exists()Z isFile()Z isDirectory()Z length()J lastModified()J canRead()Z
      java/io/File list()[Ljava/lang/String; listFiles()[Ljava/io/File;
      java/util/Scanner <init>(Ljava/io/File;)V <init>(Ljava/io/File;Ljava/lang/String;)V
      java/util/Scanner <init>(Ljava/nio/file/Path;)V
      java/util/Scanner <init>(Ljava/nio/file/Path;Ljava/lang/String;)V
      java/util/zip/ZipFile <init>(Ljava/lang/String;)V <init>(Ljava/io/File;)V
      java/util/jar/JarFile <init>(Ljava/lang/String;)V <init>(Ljava/io/File;)V
      java/nio/channels/FileChannel open(Ljava/nio/file/Path;[Ljava/nio/file/OpenOption;)Ljava/nio/channels/FileChannel;
      java/nio/file/Files readAllBytes(Ljava/nio/file/Path;)[B
      java/nio/file/Files readString(Ljava/nio/file/Path;)Ljava/lang/String;
      java/nio/file/Files readString(Ljava/nio/file/Path;Ljava/nio/charset/Charset;)Ljava/lang/String;
      java/nio/file/Files readAllLines(Ljava/nio/file/Path;)Ljava/util/List;
      java/nio/file/Files readAllLines(Ljava/nio/file/Path;Ljava/nio/charset/Charset;)Ljava/util/List;
      java/nio/file/Files lines(Ljava/nio/file/Path;)Ljava/util/stream/Stream;
      java/nio/file/Files lines(Ljava/nio/file/Path;Ljava/nio/charset/Charset;)Ljava/util/stream/Stream;
      java/nio/file/Files newInputStream(Ljava/nio/file/Path;[Ljava/nio/file/OpenOption;)Ljava/io/InputStream;
      java/nio/file/Files newBufferedReader(Ljava/nio/file/Path;)Ljava/io/BufferedReader;
      java/nio/file/Files newBufferedReader(Ljava/nio/file/Path;Ljava/nio/charset/Charset;)Ljava/io/BufferedReader;
      java/nio/file/Files newByteChannel(Ljava/nio/file/Path;[Ljava/nio/file/OpenOption;)Ljava/nio/channels/SeekableByteChannel;
      java/nio/file/Files exists(Ljava/nio/file/Path;[Ljava/nio/file/LinkOption;)Z
      java/nio/file/Files notExists(Ljava/nio/file/Path;[Ljava/nio/file/LinkOption;)Z
      java/nio/file/Files isDirectory(Ljava/nio/file/Path;[Ljava/nio/file/LinkOption;)Z
      java/nio/file/Files isRegularFile(Ljava/nio/file/Path;[Ljava/nio/file/LinkOption;)Z
      java/nio/file/Files isReadable(Ljava/nio/file/Path;)Z size(Ljava/nio/file/Path;)J
      java/nio/file/Files getLastModifiedTime(Ljava/nio/file/Path;[Ljava/nio/file/LinkOption;)Ljava/nio/file/attribute/FileTime;
      java/nio/file/Files list(Ljava/nio/file/Path;)Ljava/util/stream/Stream;
      java/nio/file/Files walk(Ljava/nio/file/Path;[Ljava/nio/file/FileVisitOption;)Ljava/util/stream/Stream;
      java/nio/file/Files newDirectoryStream(Ljava/nio/file/Path;)Ljava/nio/file/DirectoryStream;
      """;

  /** What reaches beyond any trace: an owner, and names where not all of it does. */
  private static final String BEYOND =
      """
      java/lang/ProcessBuilder start startPipeline
      java/lang/Runtime exec load loadLibrary
      java/lang/System load loadLibrary
      java/net/Socket <init>
      java/net/ServerSocket <init>
      java/net/DatagramSocket <init>
      java/net/MulticastSocket <init>
      java/net/InetAddress getByName getAllByName getLocalHost
      java/net/NetworkInterface getNetworkInterfaces getByName getByInetAddress getByIndex
      java/nio/channels/SocketChannel open
      java/nio/channels/ServerSocketChannel open
      java/nio/channels/DatagramChannel open
      java/nio/channels/AsynchronousSocketChannel open
      java/nio/channels/AsynchronousServerSocketChannel open
      java/nio/channels/AsynchronousFileChannel open
      java/nio/file/FileSystems newFileSystem
      java/nio/file/Files walkFileTree find newDirectoryStream list walk
      java/nio/file/Files mismatch readAttributes getAttribute
      java/net/URLClassLoader <init> newInstance
      java/io/File list listFiles
      javax/net/SocketFactory createSocket
      javax/net/ssl/SSLSocketFactory createSocket
      javax/naming/InitialContext <init> lookup
      javax/script/ScriptEngine eval
      java/lang/foreign/Linker nativeLinker
      """;

  private static final Set<String> LOGS =
      Set.of(
          "java/util/logging/Logger",
          "java/util/logging/LogManager",
          "java/util/logging/Handler",
          "java/util/logging/ConsoleHandler");

  private static final Set<String> NETWORK =
      Set.of(
          "java/net/ProxySelector",
          "java/net/CookieHandler",
          "java/net/ResponseCache",
          "java/net/Authenticator",
          "java/net/HttpURLConnection",
          "java/sql/DriverManager");

  private static final Set<String> CALLS_THAT_SET_NETWORK =
      Set.of("setDefault", "setFollowRedirects", "setLoginTimeout");

  private static final Set<String> CALLS_THAT_SET_LOGS =
      Set.of(
          "setLevel",
          "addHandler",
          "removeHandler",
          "setUseParentHandlers",
          "setFilter",
          "setFormatter",
          "setParent",
          "readConfiguration",
          "updateConfiguration",
          "reset");

  /** What starts threads by way of the JDK. */
  private static final Set<String> STARTERS =
      Set.of(
          "java/util/concurrent/Executor",
          "java/util/concurrent/ExecutorService",
          "java/util/concurrent/ScheduledExecutorService",
          "java/util/concurrent/Executors",
          "java/util/concurrent/ThreadPoolExecutor",
          "java/util/concurrent/ScheduledThreadPoolExecutor",
          "java/util/concurrent/ForkJoinPool",
          "java/util/concurrent/ForkJoinTask",
          "java/util/concurrent/CompletableFuture",
          "java/util/concurrent/CompletionStage",
          "java/util/concurrent/CompletionService",
          "java/util/concurrent/ExecutorCompletionService",
          "java/util/Timer",
          "java/lang/Thread$Builder",
          "java/net/http/HttpClient");

  private static final Set<String> CALLS_THAT_START =
      Set.of("start", "parallel", "parallelStream", "startVirtualThread");

  /** What stands in for a call, and under which type it takes the object. */
  record Call(String target, String receiver) {
    /** Whether what it does belongs to classes that are new in each batch, and to no others. */
    boolean isOfOwn() {
      return target.startsWith("Registered.");
    }

    /** Whether it stands in for something of a library, whose types are not known to it. */
    boolean isLoose() {
      return receiver != null && receiver.startsWith("software/");
    }

    /** The descriptor of what stands in: it takes the object first, and libraries' types as Object. */
    String descriptor(String type) {
      String taken = receiver == null ? type : "(L" + receiver + ";" + type.substring(1);
      if (!isLoose()) {
        return taken;
      }
      Type[] types = Type.getArgumentTypes(taken);
      Arrays.setAll(types, i -> loosened(types[i]));
      return Type.getMethodDescriptor(loosened(Type.getReturnType(taken)), types);
    }

    private static Type loosened(Type type) {
      boolean isJdks = type.getSort() != Type.OBJECT || type.getInternalName().startsWith("java/");
      return isJdks ? type : Type.getType(Object.class);
    }
  }

  private final Map<String, Map<String, Call>> calls = new HashMap<>();
  private final Map<String, Set<String>> files = new HashMap<>();
  private final Map<String, Set<String>> beyond = new HashMap<>();

  Rules() {
    read(STATIC, false);
    read(VIRTUAL, true);
    for (String owner : new String[] {RANDOM, "java/util/concurrent/ThreadLocalRandom", GENERATOR}) {
      for (String call : DRAWS.strip().split("\\s+")) {
        add(owner, call, new Call(named("Chances", call), GENERATOR));
      }
    }
    add("java/time/Instant", "now()Ljava/time/Instant;", new Call("Clocks.nowInstant", null));
    for (String time : TIMES) {
      String owner = "java/time/" + time;
      Call now = new Call("Clocks.now" + time, null);
      add(owner, "now()L" + owner + ";", now);
      add(owner, "now(Ljava/time/ZoneId;)L" + owner + ";", now);
    }
    readNames(FILES, files);
    readNames(BEYOND, beyond);
  }

  private void read(String text, boolean ofObject) {
    for (String line : text.strip().split("\n")) {
      String[] words = line.strip().split(" ");
      for (int i = 2; i < words.length; i++) {
        add(words[1], words[i], new Call(named(words[0], words[i]), ofObject ? words[1] : null));
      }
    }
  }

  private static String named(String home, String call) {
    return home + "." + call.substring(0, call.indexOf('('));
  }

  private void add(String owner, String call, Call stand) {
    calls.computeIfAbsent(owner, key -> new HashMap<>()).put(call, stand);
  }

  private static void readNames(String text, Map<String, Set<String>> into) {
    for (String line : text.strip().split("\n")) {
      String[] words = line.strip().split(" ");
      Set<String> names = into.computeIfAbsent(words[0], key -> new HashSet<>());
      for (int i = 1; i < words.length; i++) {
        names.add(words[i]);
      }
    }
  }

  Map<String, Map<String, Call>> calls() {
    return calls;
  }

  Map<String, Set<String>> files() {
    return files;
  }

  Map<String, Set<String>> beyond() {
    return beyond;
  }

  /** What stands in for a method, or null. */
  Call call(String owner, String name, String descriptor) {
    Map<String, Call> ofOwner = calls.get(owner);
    return ofOwner == null ? null : ofOwner.get(name + descriptor);
  }

  /** Whether a method opens the path that it is given. */
  boolean opensFile(String owner, String name, String descriptor) {
    Set<String> names = files.get(owner);
    return names != null && names.contains(name + descriptor);
  }

  /** Whether {@code parity.world.Opened} stands in for references to such a method. */
  static boolean hasOpener(String owner, String descriptor) {
    return owner.equals("java/nio/file/Files") && descriptor.startsWith("(Ljava/nio/file/Path;)");
  }

  /** Whether what a method reaches cannot be traced. */
  boolean isBeyond(String owner, String name) {
    Set<String> names = beyond.get(owner);
    return names != null && names.contains(name);
  }

  /** Whether a method may start a thread. */
  static boolean mayStart(String owner, String name, String descriptor) {
    return STARTERS.contains(owner)
        || CALLS_THAT_START.contains(name)
            && (descriptor.startsWith("()V") || !name.equals("start"));
  }

  /** The class to be told before a method changes what the whole JVM shares; null for others. */
  static String shared(String owner, String name) {
    if (LOGS.contains(owner) && CALLS_THAT_SET_LOGS.contains(name)) {
      return WORLD + "Logs";
    }
    return NETWORK.contains(owner) && CALLS_THAT_SET_NETWORK.contains(name)
        ? WORLD + "Network"
        : null;
  }

  /** Whether a constructor without arguments makes something that another class stands in for. */
  static boolean isReplaced(String owner) {
    return owner.equals(RANDOM) || owner.equals("java/security/SecureRandom");
  }

  /** What stands in for a class that is {@link #isReplaced}. */
  static String replacement(String owner) {
    return WORLD + "Fixture" + owner.substring(owner.lastIndexOf('/') + 1);
  }

  /** Whether any method of the class can be of interest. */
  boolean knows(String owner) {
    return calls.containsKey(owner)
        || files.containsKey(owner)
        || beyond.containsKey(owner)
        || STARTERS.contains(owner)
        || LOGS.contains(owner)
        || NETWORK.contains(owner)
        || isMade(owner)
        || LOOKUPS.contains(owner);
  }

  /** Whether a method may be of interest whatever its class. */
  static boolean knowsName(String name) {
    return CALLS_THAT_START.contains(name);
  }

  private static final Set<String> LOOKUPS = Set.of("java/lang/Class", "java/lang/ClassLoader");

  /** Whether a constructor without arguments looks at the clock or draws a lot. */
  static boolean isMade(String owner) {
    return isReplaced(owner)
        || owner.equals("java/util/Date")
        || owner.equals("java/util/GregorianCalendar")
        || owner.equals("java/util/SplittableRandom");
  }

  /** Whether a method of {@code java.lang} finds a class by its name. */
  static boolean isLookup(String owner, String name, String descriptor) {
    return owner.equals("java/lang/Class") && name.equals("forName") && !descriptor.contains("Module")
        || owner.equals("java/lang/ClassLoader")
            && name.equals("loadClass")
            && descriptor.startsWith("(Ljava/lang/String;)");
  }
}
