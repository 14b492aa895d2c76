package io.cotidal.sources.roll;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a member is reached.
 *
 * @param host a host name or an address, in lower case; IPv6 in full, without brackets
 * @param port 0 for the protocol's usual one
 */
public record Address(String host, int port) {
  /** No address. */
  public static final Address NONE = new Address("", 0);

  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
  private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
  private static final Pattern QUAD =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.|$)){4}");

  /**
   * Reads {@code HOST}, {@code HOST:PORT}, {@code IPV6} or {@code [IPV6]:PORT}.
   *
   * @throws NoAnswer if it is none of them
   */
  public static Address parse(String text) throws NoAnswer {
    String host = text;
    String port = "";
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      host = text.substring(1, Math.max(1, end));
      port = end < 0 ? "none" : text.substring(end + 1);
      if (!port.isEmpty() && !port.startsWith(":")) {
        throw wrong(text);
      }
      port = port.isEmpty() ? "" : port.substring(1);
      if (port.isEmpty() && !text.endsWith("]")) {
        throw wrong(text);
      }
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      host = text.substring(0, text.indexOf(':'));
      port = text.substring(text.indexOf(':') + 1);
      if (port.isEmpty()) {
        throw wrong(text);
      }
    }
    return new Address(host(host), port.isEmpty() ? 0 : port(port));
  }

  /**
   * A host name without a dot at its end, or an address, in its one form.
   *
   * @throws NoAnswer if it is neither
   */
  public static String host(String text) throws NoAnswer {
    String host = text.toLowerCase(Locale.ROOT);
    if (host.indexOf(':') >= 0) {
      return six(host);
    }
    if (DIGITS.matcher(host).matches()) {
      if (!QUAD.matcher(host).matches()) {
        throw wrong(text);
      }
      return host;
    }
    String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (bare.isEmpty() || bare.length() > 253) {
      throw wrong(text);
    }
    for (String label : bare.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw wrong(text);
      }
    }
    return bare;
  }

  private static String six(String text) throws NoAnswer {
    if (!text.matches("[0-9a-f:.]{2,45}")) {
      throw wrong(text);
    }
    try {
      return InetAddress.ofLiteral(text).getHostAddress();
    } catch (IllegalArgumentException e) {
      throw new NoAnswer(wrong(text).getMessage(), e);
    }
  }

  /**
   * A port, 1 to 65535.
   *
   * @throws NoAnswer if it is none
   */
  public static int port(String text) throws NoAnswer {
    if (text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65535) {
      return Integer.parseInt(text);
    }
    throw new NoAnswer("the port " + Words.quote(text) + " is not between 1 and 65535: correct it");
  }

  private static NoAnswer wrong(String text) {
    return new NoAnswer(
        Words.quote(text) + " is not HOST, HOST:PORT or [IPV6]:PORT: correct what names it");
  }

  /** Whether there is none. */
  public boolean none() {
    return host.isEmpty();
  }

  /** Whether both may be one server: the same host, and no two ports. */
  public boolean meets(Address other) {
    return host.equals(other.host) && (port == other.port || port == 0 || other.port == 0);
  }

  @Override
  public String toString() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == 0 ? shown : shown + ":" + port;
  }
}
