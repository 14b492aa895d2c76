package io.cotidal.objects.swift;

import io.cotidal.remote.http.kept.Body;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** What a signed request brings. It knows whether anything of it was taken. */
final class SignedBody implements Body {
  private final Body body;
  private volatile boolean begun;

  SignedBody(Body body) {
    this.body = body;
  }

  /** Whether all of it can be sent once more. */
  boolean whole() {
    return !begun || body.repeatable();
  }

  @Override
  public OptionalLong length() {
    return body.length();
  }

  @Override
  public InputStream open() throws IOException {
    begun = true;
    return body.open();
  }

  @Override
  public void enough() {
    body.enough();
  }

  @Override
  public boolean repeatable() {
    return body.repeatable();
  }
}
