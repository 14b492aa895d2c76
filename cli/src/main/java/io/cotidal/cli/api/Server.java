package io.cotidal.cli.api;

import io.cotidal.cli.terminal.Failure;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Locale;

/** Where the daemon listens, without a slash at the end. */
public record Server(URI address) {
  /** What is asked if nobody says otherwise. */
  public static final String USUAL = "http://127.0.0.1:7400";

  /**
   * Reads an address.
   *
   * @param origin where the text came from, for the message
   * @throws Failure if it is no http or https address
   */
  public static Server parse(String text, String origin) {
    try {
      URI address = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      String scheme = address.getScheme() == null ? "" : address.getScheme();
      boolean known = scheme.equals("http") || scheme.equals("https");
      if (known
          && address.getHost() != null
          && address.getRawUserInfo() == null
          && address.getRawQuery() == null
          && address.getRawFragment() == null) {
        return new Server(address);
      }
    } catch (URISyntaxException e) {
      // The one message below says what form is wanted.
    }
    throw Failure.usage(
        origin + " '" + text + "' is no address of a server",
        "write http://HOST:PORT or https://HOST:PORT, for example " + USUAL);
  }

  /** Whether what is sent can be read on the way: plain HTTP to another machine. */
  public boolean exposed() {
    String host = address.getHost().toLowerCase(Locale.ROOT);
    boolean loopback =
        host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    return "http".equals(address.getScheme()) && !loopback;
  }

  URL at(String path) {
    try {
      return URI.create(address + path).toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(address + path, e);
    }
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
