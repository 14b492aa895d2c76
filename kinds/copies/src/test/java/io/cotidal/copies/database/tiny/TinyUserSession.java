package io.cotidal.copies.database.tiny;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.User;
import io.cotidal.copies.database.UserSession;
import java.time.Duration;

/** A user's session. */
record TinyUserSession(TinyClient client, User user) implements UserSession {
  @Override
  public void confirm(Duration deadline) throws EngineException {
    String who = client.ask("who").getFirst();
    if (!who.equals(user.name() + " in " + user.database())) {
      throw new EngineException("the server says that its user is " + who);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
