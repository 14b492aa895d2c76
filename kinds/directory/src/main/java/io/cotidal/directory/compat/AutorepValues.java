package io.cotidal.directory.compat;

import io.cotidal.directory.spec.DistinguishedName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks the values of the original's variables. What is wrong is added to the problems; something
 * harmless stands in for it, so that all problems are found at once.
 */
final class AutorepValues {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final List<String> VERSIONS =
      List.of("2015-07-25", "2015-12-19", "2016-07-29", "latest");
  private static final Pattern SERVICE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}(/[A-Za-z0-9][A-Za-z0-9._-]{0,62})?");
  private static final Set<String> YES = Set.of("1", "true", "yes", "y", "on", "t");
  private static final Set<String> NO = Set.of("0", "false", "no", "n", "off", "f");
  private static final int DAY = 86_400;
  private static final long MOST = 1L << 20;
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

  private final List<String> problems;

  AutorepValues(List<String> problems) {
    this.problems = problems;
  }

  void missing(AutorepVariable variable) {
    problems.add(variable + " is not set: it says " + variable.meaning());
  }

  void wrong(AutorepVariable variable, String value, String remedy) {
    problems.add(variable + " '" + (variable.shown() ? line(value) : "***") + "': " + remedy);
  }

  /** A value on one line, bounded. */
  static String line(String value) {
    String plain = value.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
  }

  /** One of several words. */
  String module(AutorepVariable variable, String value, Set<String> known) {
    if (known.contains(value)) {
      return value;
    }
    wrong(variable, value, "this module is not known; use " + String.join(", ", known));
    return known.stream().findFirst().orElse("");
  }

  /** Seconds, at least one and at most a day. */
  int period(AutorepVariable variable, String value) {
    int seconds = number(value);
    if (seconds < 1 || seconds > DAY) {
      wrong(variable, value, "write a whole number of seconds from 1 to " + DAY);
      return 1;
    }
    return seconds;
  }

  int port(AutorepVariable variable, String value) {
    int port = number(value);
    if (port < 1 || port > 65_535) {
      wrong(variable, value, "write a port from 1 to 65535");
      return 0;
    }
    return port;
  }

  private static int number(String value) {
    return NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
  }

  boolean truth(AutorepVariable variable, String value) {
    String word = value.toLowerCase(Locale.ROOT);
    if (!YES.contains(word) && !NO.contains(word)) {
      wrong(variable, value, "write true or false");
    }
    return YES.contains(word);
  }

  String name(AutorepVariable variable, String value) {
    if (!DistinguishedName.valid(value)) {
      wrong(variable, value, "is no distinguished name; write dc=example,dc=org for example");
    }
    return value;
  }

  String version(AutorepVariable variable, String value) {
    if (!VERSIONS.contains(value)) {
      wrong(variable, value, "known versions: " + String.join(", ", VERSIONS));
    }
    return value;
  }

  /** Stack and service; the stack is empty if only the service is named. */
  List<String> service(AutorepVariable variable, String value) {
    if (!SERVICE.matcher(value).matches()) {
      wrong(variable, value, "write stack/service, or service alone");
      return List.of("", "none");
    }
    int slash = value.indexOf('/');
    return slash < 0
        ? List.of("", value)
        : List.of(value.substring(0, slash), value.substring(slash + 1));
  }

  AutorepSettings.Reference reference(AutorepVariable variable, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "containerip" -> AutorepSettings.Reference.CONTAINERIP;
      case "containername" -> AutorepSettings.Reference.CONTAINERNAME;
      default -> {
        wrong(variable, value, "write containerip or containername");
        yield AutorepSettings.Reference.CONTAINERIP;
      }
    };
  }

  /**
   * Certificates as PEM text, from the text itself or from the file that it names. Files of
   * variables cannot hold more than a line: there, {@code \n} stands for the end of one.
   */
  String authorities(AutorepVariable variable, String value) {
    String text = value.contains(BEGIN) ? value.replace("\\n", "\n") : content(variable, value);
    if (!text.isEmpty() && !certificates(text)) {
      wrong(variable, shortened(value), "holds no certificate as PEM text");
    }
    return text;
  }

  private static String shortened(String value) {
    return value.contains(BEGIN) ? BEGIN + "…" : value;
  }

  private String content(AutorepVariable variable, String value) {
    try {
      Path file = Path.of(value);
      if (!Files.isRegularFile(file)) {
        wrong(variable, value, "is neither a certificate as PEM text nor a file");
        return "";
      }
      if (Files.size(file) > MOST) {
        wrong(variable, value, "is larger than " + MOST + " bytes");
        return "";
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (InvalidPathException e) {
      wrong(variable, value, "is neither a certificate as PEM text nor a file");
    } catch (IOException e) {
      wrong(variable, value, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    return "";
  }

  private static boolean certificates(String text) {
    try {
      return !CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
          .isEmpty();
    } catch (CertificateException e) {
      return false;
    }
  }
}
