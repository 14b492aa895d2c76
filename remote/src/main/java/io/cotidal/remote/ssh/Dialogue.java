package io.cotidal.remote.ssh;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Requests and answers over a {@link Wire}: each request is {@code NUMBER VERB WORD…}, each answer
 * {@code NUMBER ok WORD…} or {@code NUMBER no REASON}. An answer that comes too late is passed
 * over. For one thread.
 */
public final class Dialogue implements AutoCloseable {
  private static final Duration FAREWELL = Duration.ofMillis(300);

  private final Wire wire;
  private final String who;
  private long asked;

  /** The other end was asked for something that it does not do. Nothing was done. */
  public static final class Denied extends IOException {
    private static final long serialVersionUID = 1;

    Denied(String message) {
      super(message);
    }
  }

  /**
   * Over that wire.
   *
   * @param who whom it leads to, for messages
   */
  public Dialogue(Wire wire, String who) {
    this.wire = wire;
    this.who = who;
  }

  /** What the other end says first, without its number. */
  public List<String> greeting(Deadline deadline) throws SshFailure, InterruptedException {
    List<String> words = words(wire.hear(deadline));
    if (words.size() < 2 || !words.getFirst().equals("0")) {
      throw foreign(words);
    }
    return words.subList(1, words.size());
  }

  /**
   * Sends a request and waits for nothing.
   *
   * @param words without blanks and control characters
   * @return its number
   */
  public long ask(String verb, String... words) throws SshFailure {
    asked++;
    StringBuilder line = new StringBuilder().append(asked).append(' ').append(verb);
    for (String word : words) {
      if (word.isEmpty() || word.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new IllegalArgumentException("'" + verb + "' was given a word that cannot be sent");
      }
      line.append(' ').append(word);
    }
    wire.say(line.toString());
    return asked;
  }

  /**
   * The answer to that request.
   *
   * @throws Denied if the other end does not do it
   * @throws SshFailure if none came by the deadline
   */
  public List<String> answer(long number, Deadline deadline)
      throws SshFailure, Denied, InterruptedException {
    while (true) {
      List<String> words = words(wire.hear(deadline));
      long answered = number(words);
      if (answered > number || words.size() < 2) {
        throw foreign(words);
      }
      if (answered == number) {
        return switch (words.get(1)) {
          case "ok" -> words.subList(2, words.size());
          case "no" ->
              throw new Denied(who + ": " + String.join(" ", words.subList(2, words.size())));
          default -> throw foreign(words);
        };
      }
    }
  }

  /** Asks and waits. */
  public List<String> call(Deadline deadline, String verb, String... words)
      throws SshFailure, Denied, InterruptedException {
    return answer(ask(verb, words), deadline);
  }

  /** Whether it can be gone on with. */
  public boolean open() {
    return wire.open();
  }

  private SshFailure foreign(List<String> words) {
    String text = String.join(" ", words);
    return SshFailure.cannotTell(
        who
            + ": something else than Cotidal's gate answers: '"
            + Words.printable(text.substring(0, Math.min(80, text.length())))
            + "'; cot member prepare installs it");
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.split(" "));
  }

  private static long number(List<String> words) {
    String text = words.getFirst();
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
  }

  /** Ends it at once; the other end notices. */
  public void cut() {
    wire.close();
  }

  /**
   * Ends it in order: the other end gives up what it holds before this returns, if it answers soon.
   */
  @Override
  public void close() {
    try {
      wire.sayNoMore();
      Deadline farewell = Deadline.in(FAREWELL);
      while (!farewell.over()) {
        wire.hear(farewell);
      }
    } catch (SshFailure e) {
      // It has ended, which is what was wanted, or does not answer, and then it is cut.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      wire.close();
    }
  }
}
