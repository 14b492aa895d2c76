package io.cotidal.app.postgres;

import io.cotidal.model.Event;
import io.cotidal.postgres.spec.Alert;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.mail.MailServer;
import io.cotidal.remote.mail.Message;
import io.cotidal.remote.mail.Smtp;
import java.io.IOException;
import java.util.Locale;

/** An event as a message. */
final class MailAlert {
  private MailAlert() {}

  static void send(Alert.Mail mail, Event event, Deadline deadline) throws IOException {
    MailServer server =
        new MailServer(
            mail.host(),
            mail.port(),
            mail.startTls(),
            mail.authorities(),
            mail.user().map(user -> new MailServer.Account(user.name(), user.password())));
    StringBuilder text = new StringBuilder(event.text()).append("\n\n");
    event
        .details()
        .entries()
        .forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    if (event.operation() > 0) {
      text.append("\ncot op get ").append(event.resource()).append('#').append(event.operation());
      text.append('\n');
    }
    String subject =
        "["
            + event.severity().name().toLowerCase(Locale.ROOT)
            + "] "
            + event.resource()
            + " "
            + event.code();
    Smtp.send(server, new Message(mail.from(), mail.to(), subject, text.toString()), deadline);
  }
}
