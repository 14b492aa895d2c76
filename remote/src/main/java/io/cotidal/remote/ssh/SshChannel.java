package io.cotidal.remote.ssh;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** A program at the other side, to which lines are sent and which answers lines. For one user. */
public final class SshChannel implements Wire {
  private static final int MOST_OUTPUT = 4 << 20;
  private static final int MOST_ERRORS = 16 << 10;
  private static final int SHOWN = 300;

  private final String who;
  private final ChannelExec channel;
  private final Inbox output;
  private final Inbox errors;

  private SshChannel(String who, ChannelExec channel, Inbox output, Inbox errors) {
    this.who = who;
    this.channel = channel;
    this.output = output;
    this.errors = errors;
  }

  static SshChannel open(ClientSession session, String who, String command, Deadline deadline)
      throws SshFailure, InterruptedException {
    Inbox output = new Inbox(MOST_OUTPUT);
    Inbox errors = new Inbox(MOST_ERRORS);
    ChannelExec channel = null;
    try {
      channel = session.createExecChannel(command);
      channel.setOut(output);
      channel.setErr(errors);
      channel.addCloseFutureListener(closed -> output.close());
      OpenFuture opening = channel.open();
      if (!opening.await(deadline.left())) {
        channel.close(true);
        throw SshFailure.silent(who + ": the SSH server opens no channel in time");
      }
      if (!opening.isOpened()) {
        throw SshFailure.cannotTell(who + ": the SSH server opens no channel");
      }
      return new SshChannel(who, channel, output, errors);
    } catch (InterruptedIOException e) {
      close(channel);
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
    } catch (SshFailure e) {
      throw e;
    } catch (IOException e) {
      close(channel);
      throw SshFailure.cannotTell(who + ": " + e.getMessage());
    }
  }

  private static void close(@Nullable ChannelExec channel) {
    if (channel != null) {
      channel.close(true);
    }
  }

  @Override
  public void say(String line) throws SshFailure {
    try {
      OutputStream in = channel.getInvertedIn();
      in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      throw ended();
    }
  }

  @Override
  public void sayNoMore() throws SshFailure {
    try {
      channel.getInvertedIn().close();
    } catch (IOException e) {
      throw ended();
    }
  }

  @Override
  public String hear(Deadline deadline) throws SshFailure, InterruptedException {
    return output.next(deadline).orElseThrow(this::ended);
  }

  /** The next line; empty once the program has ended. */
  public Optional<String> hearOrEnd(Deadline deadline) throws SshFailure, InterruptedException {
    return output.next(deadline);
  }

  /** How the program ended; empty if that is not known. */
  public Optional<Integer> exit() {
    return Optional.ofNullable(channel.getExitStatus());
  }

  /** What it complained of, cut to a line. */
  public String complaint() {
    String text = errors.rest();
    return text.length() > SHOWN ? text.substring(0, SHOWN) : text;
  }

  @Override
  public boolean open() {
    return channel.isOpen();
  }

  private SshFailure ended() {
    String complaint = complaint();
    return SshFailure.cannotTell(
        who + ": the other side has ended" + (complaint.isEmpty() ? "" : ": " + complaint));
  }

  @Override
  public void close() {
    channel.close(true);
  }
}
