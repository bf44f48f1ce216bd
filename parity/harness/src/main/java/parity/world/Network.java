package parity.world;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.HttpURLConnection;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.sql.DriverManager;

/** Defaults of the JDK's networking, put back after each fixture that has changed one. */
public final class Network {
  private static volatile Network before; // none where nothing was changed

  private final ProxySelector proxies = ProxySelector.getDefault();
  private final CookieHandler cookies = CookieHandler.getDefault();
  private final ResponseCache responses = ResponseCache.getDefault();
  private final Authenticator authenticator = Authenticator.getDefault();
  private final boolean redirects = HttpURLConnection.getFollowRedirects();
  private final int loginSeconds = DriverManager.getLoginTimeout();

  private Network() {}

  /** Called before whatever changes one of them. */
  public static void changed() {
    if (before == null) {
      before = new Network();
    }
  }

  public static void restore() {
    Network network = before;
    if (network != null) {
      before = null;
      ProxySelector.setDefault(network.proxies);
      CookieHandler.setDefault(network.cookies);
      ResponseCache.setDefault(network.responses);
      Authenticator.setDefault(network.authenticator);
      HttpURLConnection.setFollowRedirects(network.redirects);
      DriverManager.setLoginTimeout(network.loginSeconds);
    }
  }
}
