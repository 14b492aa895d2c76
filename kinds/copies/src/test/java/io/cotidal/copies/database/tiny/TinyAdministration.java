package io.cotidal.copies.database.tiny;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.User;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The administrator's session. */
record TinyAdministration(TinyClient client) implements Administration {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What the server is told of a password. */
  static String verifier(String password) {
    byte[] salt = new byte[8];
    RANDOM.nextBytes(salt);
    try {
      return TinySession.verifier(HexFormat.of().formatHex(salt), password);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void admit(User user, Duration deadline) throws EngineException {
    client.ask("account\t" + user.name() + "\t" + verifier(user.password().reveal()));
    client.ask("lock\t" + user.name());
    client.ask("kick");
  }

  @Override
  public int sessions(Duration deadline) throws EngineException {
    return Integer.parseInt(client.ask("sessions").getFirst());
  }

  @Override
  public SortedMap<String, TableDigest> digest(String database, Duration deadline)
      throws EngineException {
    List<String> words = client.ask("tables");
    SortedMap<String, TableDigest> digests = new TreeMap<>();
    for (int i = 0; i < words.size(); i += 4) {
      digests.put(
          database + "." + words.get(i),
          new TableDigest(words.get(i + 2), Long.parseLong(words.get(i + 1)), words.get(i + 3)));
    }
    return digests;
  }

  @Override
  public boolean broken() {
    return client.broken();
  }

  @Override
  public void close() {
    client.close();
  }
}
