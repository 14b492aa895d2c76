package io.cotidal.copies.database.tiny;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** One session with the server: who is in it may say more or less. */
final class TinySession {
  static final String ADMINISTRATOR = "cotidal";

  private static final Set<String> ADMINISTRATORS =
      Set.of("database", "account", "lock", "kick", "sessions", "tables", "export");

  private final TinyTables tables;
  private final TinyServer server;
  private final boolean passwords;
  private String name = "";

  TinySession(TinyTables tables, TinyServer server, boolean passwords) {
    this.tables = tables;
    this.server = server;
    this.passwords = passwords;
  }

  boolean ofUser() {
    return !name.isEmpty() && !name.equals(ADMINISTRATOR);
  }

  /** What is kept of a password. */
  static String verifier(String salt, String password) throws Exception {
    byte[] sum =
        MessageDigest.getInstance("SHA-256")
            .digest((salt + ":" + password).getBytes(StandardCharsets.UTF_8));
    return salt + ":" + HexFormat.of().formatHex(sum);
  }

  String answer(String line) {
    List<String> words = List.of(line.split("\t", -1));
    try {
      synchronized (tables) {
        if (words.getFirst().equals("login") && name.isEmpty()) {
          return login(words);
        }
        if (name.isEmpty()) {
          return "error log in first";
        }
        boolean ordinary = !name.equals(ADMINISTRATOR);
        if (ordinary && ADMINISTRATORS.contains(words.getFirst())) {
          return "error not allowed";
        }
      }
      if (words.getFirst().equals("wait")) {
        Thread.sleep(Long.parseLong(words.get(1)));
        return "ok";
      }
      synchronized (tables) {
        String answer = words.getFirst().startsWith("-") ? "ok" : run(words);
        if (passwords) {
          tables.save();
        }
        return answer;
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return "error " + e.getMessage().lines().findFirst().orElse("");
    } catch (Exception e) {
      return "error " + e.getClass().getSimpleName();
    }
  }

  private String login(List<String> words) throws Exception {
    String known = tables.accounts().getOrDefault(words.get(1), "locked");
    String salt = known.contains(":") ? known.substring(0, known.indexOf(':')) : "";
    boolean right = !salt.isEmpty() && verifier(salt, words.get(2)).equals(known);
    boolean there = words.get(3).isEmpty() || words.get(3).equals(tables.database());
    if (passwords && !(right && there)) {
      return "error nobody of that name with that password";
    }
    name = words.get(1);
    return "ok";
  }

  private String run(List<String> words) throws Exception {
    switch (words.getFirst()) {
      case "table" -> tables.table(words.get(1), words.subList(2, words.size()));
      case "row" -> tables.row(words.get(1), words.subList(2, words.size()));
      case "set" -> tables.set(words.get(1), words.get(2), words.get(3));
      case "database" -> tables.database(words.get(1));
      case "account" -> tables.accounts().put(words.get(1), words.get(2));
      case "lock" ->
          tables
              .accounts()
              .replaceAll((account, verifier) ->
                  account.equals(ADMINISTRATOR) || account.equals(words.get(1))
                      ? verifier
                      : "locked");
      case "export" -> Files.writeString(Path.of(words.get(1)), "the tables");
      case "kick" -> {
        for (TinySession user : server.users()) {
          server.end(user);
        }
      }
      case "sessions" -> {
        return "ok\t" + server.users().size();
      }
      case "who" -> {
        return "ok\t" + name + " in " + tables.database();
      }
      case "select" -> {
        return "ok\t" + String.join("\t", tables.select(words.get(1), words.get(2)));
      }
      case "tables" -> {
        StringBuilder all = new StringBuilder("ok");
        tables
            .tables()
            .forEach((table, rows) ->
                all.append('\t')
                    .append(table)
                    .append('\t')
                    .append(rows.size() - 1)
                    .append('\t')
                    .append(hash(rows.getFirst()))
                    .append('\t')
                    .append(hash(rows)));
        return all.toString();
      }
      default -> throw new IllegalArgumentException("no such statement");
    }
    return "ok";
  }

  private static String hash(Object what) {
    try {
      return verifier("", what.toString()).substring(1);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
