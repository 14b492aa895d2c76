package io.cotidal.cli.commands;

import io.cotidal.cli.api.Api;
import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Outgoing;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Text;
import io.cotidal.model.ResourceId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Sends a dump that lies on this side, and lets the daemon import it. */
final class TemplateUpload {
  private static final String STDIN = "-";
  private static final long PAUSE = 200_000_000L;

  private final Session session;
  private volatile long drawnAt;
  // Told by the thread that reads what is sent.
  private volatile long done;

  TemplateUpload(Session session) {
    this.session = session;
  }

  /** Sends {@code file}, or what comes on stdin for a dash, and follows its import. */
  ExitCode run(ResourceId template, String file, Arguments arguments) throws InterruptedException {
    Duration limit = Beginning.limit(arguments);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Prefer", "wait=0");
    headers.put("Idempotency-Key", UUID.randomUUID().toString());
    Node operation;
    try {
      operation =
          file.equals(STDIN)
              ? send(template, STDIN, new Source(session.terminal().in(), -1), headers)
              : file(template, Path.of(file), headers);
    } catch (IOException | InvalidPathException e) {
      throw Failure.usage("'" + file + "' cannot be read: " + e.getMessage(), "name a dump's file");
    }
    return new Following(session).follow(operation, limit);
  }

  private record Source(InputStream in, long length) {}

  private Node file(ResourceId template, Path file, Map<String, String> headers)
      throws IOException, InterruptedException {
    if (!Files.isRegularFile(file)) {
      throw Failure.usage(
          "'" + file + "' is no file on this host",
          "a folder of pg_dump is imported by its path on the daemon's host: --dump");
    }
    headers.put("Content-Digest", "sha-256=:" + digest(file) + ":");
    try (InputStream in = Files.newInputStream(file)) {
      return send(
          template, String.valueOf(file.getFileName()), new Source(in, Files.size(file)), headers);
    }
  }

  private static String digest(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        byte[] chunk = new byte[1 << 16];
        while (in.read(chunk) >= 0) {
          // The digest takes what is read.
        }
      }
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private Node send(ResourceId template, String name, Source source, Map<String, String> headers)
      throws InterruptedException {
    String named =
        name.equals(STDIN) ? "" : "?file=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    String path = Resources.path(template) + "/import/upload" + named;
    Outgoing outgoing =
        new Outgoing(source.in(), source.length(), bytes -> draw(name, bytes, source.length()));
    try {
      Api.Answer answer = session.api().upload(path, outgoing, headers);
      end(name);
      return answer.body();
    } catch (Unreachable e) {
      erase();
      if (!e.sent()) {
        throw e;
      }
      boolean all = source.length() >= 0 && done >= source.length();
      throw new Failure(
          all ? ExitCode.STILL_RUNNING : ExitCode.FAILED,
          "the upload to "
              + session.api().server()
              + " broke off after "
              + Text.bytes(done)
              + " ("
              + e.reason()
              + ")"
              + (all ? ": the import may have begun" : ": nothing of it is kept"),
          all ? "look: cot op list " + template : "send it again; cot status " + template);
    } catch (Failure e) {
      erase();
      throw e;
    }
  }

  /** Called on the thread that reads, while this one waits for the answer. */
  private void draw(String name, long bytes, long length) {
    done = bytes;
    long now = session.time().nanos();
    if (!live() || (now - drawnAt < PAUSE && drawnAt != 0)) {
      return;
    }
    drawnAt = now;
    String far =
        length > 0
            ? Bar.of(bytes, length) + " " + Text.bytes(bytes) + " of " + Text.bytes(length)
            : Text.bytes(bytes);
    session.terminal().err().print("\r\u001b[Ksends " + Text.plain(name) + "  " + far);
    session.terminal().err().flush();
  }

  private boolean live() {
    return session.terminal().errIsTerminal() && !session.quiet();
  }

  private void erase() {
    if (live()) {
      session.terminal().err().print("\r\u001b[K");
      session.terminal().err().flush();
    }
  }

  private void end(String name) {
    erase();
    session.say("sent " + name + ": " + Text.bytes(done));
  }
}
