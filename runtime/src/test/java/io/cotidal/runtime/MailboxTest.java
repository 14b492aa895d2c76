package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Input;
import io.cotidal.model.Actor;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class MailboxTest {
  private static Message<TestKind.Shore, String> seen(String member, String facts) {
    return new Message.Take<>(
        new Input.Observed<>(new MemberId(member), ScriptedDriver.seen(facts), 0),
        Message.Owed.NOTHING);
  }

  private static Message<TestKind.Shore, String> command(int id) {
    return new Message.Take<>(
        new Input.Commanded<>("c" + id, new Command.Approve(new Actor("eve"), id)),
        Message.Owed.NOTHING);
  }

  @Test
  void aCrowdKeepsEveryCommandAndTheNewestLookOfEachMember() {
    Mailbox<Message<TestKind.Shore, String>> mailbox = new Mailbox<>(8, Message::supersedes);
    for (int i = 0; i < 100; i++) {
      mailbox.put(seen("a", "a" + i));
      mailbox.put(seen("b", "b" + i));
      mailbox.put(command(i));
    }
    List<Message<TestKind.Shore, String>> all = new ArrayList<>();
    while (mailbox.size() > 0) {
      all.add(mailbox.take());
    }
    assertThat(all).containsSubsequence(List.of(command(0), command(50), command(99)));
    assertThat(all).contains(seen("a", "a99"), seen("b", "b99"));
    assertThat(all).hasSizeLessThan(100 + 12);
  }

  @Test
  void aFewWaitInTheirOrder() {
    Mailbox<Message<TestKind.Shore, String>> mailbox = new Mailbox<>(8, Message::supersedes);
    mailbox.put(seen("a", "1"));
    mailbox.put(seen("a", "2"));
    assertThat(mailbox.take()).isEqualTo(seen("a", "1"));
    assertThat(mailbox.take()).isEqualTo(seen("a", "2"));
  }
}
