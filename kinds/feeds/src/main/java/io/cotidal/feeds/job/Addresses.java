package io.cotidal.feeds.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks where jobs send a replica: files at a master, other servers. */
final class Addresses {
  private static final Pattern REMOTE =
      Pattern.compile("(?:(?<user>[^@:/]*)@)?(?<host>[^@:/]*):(?<path>/.*)", Pattern.DOTALL);
  private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9._-]{0,31}");
  private static final Pattern PATH =
      Pattern.compile("(/[A-Za-z0-9_+=@,~%.:][A-Za-z0-9_+=@,~%.:-]*)+");
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern LED = Pattern.compile("(^|.*\\.)0[0-9].*");
  private static final Pattern NUMERIC =
      Pattern.compile("(0[xX][0-9a-fA-F]*|[0-9]+)(\\.(0[xX][0-9a-fA-F]*|[0-9]+))*\\.?");
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)(?<rest>([/?#].*)?)");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]*)(:(?<port>[0-9]{1,5}))?");
  private static final Pattern CHARACTERS = Pattern.compile("[!-~&&[^\"'<>\\\\^`]]+");
  private static final Set<String> METADATA =
      Set.of("metadata", "metadata.google.internal", "instance-data", "100.100.100.200");
  private static final List<String> METADATA_TAILS =
      List.of(".metadata.google.internal", ".internal.cloudapp.net");

  private Addresses() {}

  /** A file at the master in {@code field}, with what it must contain; empty if none is named. */
  static Optional<Blob> blob(Fields fields, String field, String digest) throws BadJob {
    if (!fields.has(field)) {
      return Optional.empty();
    }
    String text = fields.text(field, 1024);
    Matcher remote = REMOTE.matcher(text);
    if (!remote.matches()) {
      throw fields.bad(
          field, BadJob.quoted(text) + " is no file at a master; write user@host:/path");
    }
    String user = remote.group("user");
    String host = remote.group("host");
    boolean named = user == null || USER.matcher(user).matches();
    if (!named || !HOST.matcher(host).matches()) {
      throw fields.bad(field, BadJob.quoted(text) + " names no host; write user@host:/path");
    }
    String path = remote.group("path");
    if (!PATH.matcher(path).matches() || dotted(path)) {
      throw fields.bad(
          field,
          BadJob.quoted(text)
              + " has a path that is not taken; write an absolute one without '..', blanks or a"
              + " leading dash");
    }
    return Optional.of(
        new Blob(user == null ? host : user + "@" + host, path, checksum(fields, digest)));
  }

  private static boolean dotted(String path) {
    return (path + "/").contains("/./") || (path + "/").contains("/../");
  }

  /** An MD5 in {@code field}; empty if there is none, or the field has no name. */
  static String checksum(Fields fields, String field) throws BadJob {
    String text = field.isEmpty() ? "" : fields.text(field, 1024).toLowerCase(Locale.ROOT);
    if (!text.isEmpty() && !MD5.matcher(text).matches()) {
      throw fields.bad(field, BadJob.quoted(text) + " is no MD5; write 32 hexadecimal digits");
    }
    return text;
  }

  /** An absolute {@code http} or {@code https} URL that names no inner service and no login. */
  static String url(Fields fields, String field) throws BadJob {
    String text = fields.text(field, 2048);
    Matcher url = URL.matcher(text);
    if (!CHARACTERS.matcher(text).matches() || !url.matches()) {
      throw fields.bad(field, "is no URL; write http://host/path");
    }
    String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw fields.bad(field, BadJob.quoted(scheme) + " is not spoken here; use http or https");
    }
    String authority = url.group("authority");
    if (authority.contains("@")) {
      throw fields.bad(field, "holds a login; write it as username and password");
    }
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches()) {
      throw fields.bad(field, BadJob.quoted(authority) + " is no host; write host or host:port");
    }
    String port = parts.group("port");
    if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535)) {
      throw fields.bad(field, "port " + port + " is out of range; write one from 1 to 65535");
    }
    checkHost(fields, field, parts.group("host"));
    return text;
  }

  /** A host that is no inner service of a cloud. */
  static String host(Fields fields, String field) throws BadJob {
    String host = fields.text(field, 253);
    checkHost(fields, field, host);
    return host;
  }

  private static void checkHost(Fields fields, String field, String host) throws BadJob {
    boolean six = host.startsWith("[") || host.indexOf(':') >= 0;
    if (!six && !HOST.matcher(host).matches()) {
      throw fields.bad(field, BadJob.quoted(host) + " is no host; write a name or an address");
    }
    String lower = host.toLowerCase(Locale.ROOT);
    String plain = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    boolean odd =
        !six
            && NUMERIC.matcher(plain).matches()
            && (!IPV4.matcher(plain).matches() || LED.matcher(plain).matches());
    if (odd) {
      throw fields.bad(field, BadJob.quoted(host) + " is no address; write four numbers");
    }
    boolean inner =
        six
            ? innerSix(plain.replaceAll("[\\[\\]]", ""))
            : plain.startsWith("169.254.") && IPV4.matcher(plain).matches();
    boolean metadata =
        METADATA.contains(plain) || METADATA_TAILS.stream().anyMatch(plain::endsWith);
    if (inner || metadata) {
      throw fields.bad(
          field, BadJob.quoted(host) + " is for machines among themselves; name a public server");
    }
  }

  /** Of IPv6 only plain global addresses, unique local ones and the loopback are taken. */
  private static boolean innerSix(String address) {
    return address.indexOf('.') >= 0
        || !address.matches("[0-9a-f:]+")
        || address.matches("fe[89ab].*|fd00:0*ec2:.*|fd20:0*ce:.*|f[f].*|64:ff9b.*|2002:a9fe.*")
        || (address.matches("[0:]+.*") && !address.matches("[0:]*:0*1"));
  }
}
