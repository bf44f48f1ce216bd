package parity.world;

import java.net.FileNameMap;
import java.net.URLConnection;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.NotCompliantMBeanException;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * What classes of the project put into the JVM as a whole, taken out again with them.
 *
 * <p>It is theirs as their statics are, most of it is put there while they are initialised, and they
 * are new in each batch. A library that all units share is initialised once: what it does stays.
 */
public final class Registered {
  private Registered() {}

  private static void undo(Runnable undo) {
    Undo.push(undo);
  }

  // ------------------------------------------------------------ java.security

  public static int addProvider(Provider provider) {
    int place = Security.addProvider(provider);
    if (place > 0) {
      undo(() -> Security.removeProvider(provider.getName()));
    }
    return place;
  }

  public static int insertProviderAt(Provider provider, int position) {
    int place = Security.insertProviderAt(provider, position);
    if (place > 0) {
      undo(() -> Security.removeProvider(provider.getName()));
    }
    return place;
  }

  public static void removeProvider(String name) {
    Provider provider = Security.getProvider(name);
    int place = Arrays.asList(Security.getProviders()).indexOf(provider) + 1;
    Security.removeProvider(name);
    if (provider != null) {
      undo(() -> Security.insertProviderAt(provider, place));
    }
  }

  public static void setProperty(String key, String value) {
    String before = Security.getProperty(key);
    Security.setProperty(key, value);
    undo(() -> Security.setProperty(key, before == null ? "" : before));
  }

  // ------------------------------------------------------------ defaults

  public static void setDefault(SSLContext context) throws Exception {
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(context);
    undo(() -> SSLContext.setDefault(before));
  }

  public static void setDefaultHostnameVerifier(HostnameVerifier verifier) {
    HostnameVerifier before = HttpsURLConnection.getDefaultHostnameVerifier();
    HttpsURLConnection.setDefaultHostnameVerifier(verifier);
    undo(() -> HttpsURLConnection.setDefaultHostnameVerifier(before));
  }

  public static void setDefaultSSLSocketFactory(SSLSocketFactory factory) {
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    HttpsURLConnection.setDefaultSSLSocketFactory(factory);
    undo(() -> HttpsURLConnection.setDefaultSSLSocketFactory(before));
  }

  public static void setFileNameMap(FileNameMap map) {
    FileNameMap before = URLConnection.getFileNameMap();
    URLConnection.setFileNameMap(map);
    undo(() -> URLConnection.setFileNameMap(before));
  }

  // ------------------------------------------------------------ javax.management

  public static ObjectInstance registerMBean(MBeanServer server, Object bean, ObjectName name)
      throws InstanceAlreadyExistsException,
          MBeanRegistrationException,
          NotCompliantMBeanException {
    ObjectInstance made = server.registerMBean(bean, name);
    undo(() -> unregister(server, made.getObjectName()));
    return made;
  }

  private static void unregister(MBeanServer server, ObjectName name) {
    try {
      server.unregisterMBean(name);
    } catch (JMException gone) {
      return;
    }
  }
}
