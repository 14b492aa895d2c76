package io.cotidal.objects.swift;

import io.cotidal.remote.http.kept.Answer;
import java.io.InputStream;

/** An object as it comes. It holds a connection until it was read to the end or closed. */
public final class Download implements AutoCloseable {
  private final ObjectHead head;
  private final Answer answer;

  Download(ObjectHead head, Answer answer) {
    this.head = head;
    this.answer = answer;
  }

  /** What the site says of it. */
  public ObjectHead head() {
    return head;
  }

  /**
   * Its bytes. If they break off, reading throws {@link io.cotidal.remote.http.kept.BodyBroken};
   * they never end too early quietly.
   */
  public InputStream body() {
    return answer.body();
  }

  /** Gives up what was not read. */
  @Override
  public void close() {
    answer.close();
  }
}
