package parity.world;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;

/** Stands before every JDBC driver: while statements are answered, it takes each address. */
public final class SqlDriver implements Driver {
  private static boolean registered;

  /** Makes {@link DriverManager} ask it first; once. */
  static synchronized void register() {
    if (!registered) {
      try {
        DriverManager.registerDriver(new SqlDriver());
        registered = true;
      } catch (SQLException error) {
        throw new IllegalStateException(error);
      }
    }
  }

  @Override
  public Connection connect(String address, Properties properties) {
    return Outside.has("sql") ? new SqlConnection().proxy() : null;
  }

  @Override
  public boolean acceptsURL(String address) {
    return Outside.has("sql");
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String address, Properties properties) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("parity");
  }
}
