package io.cotidal.remote.ssh;

import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.client.session.ClientSession;

/** A program at the other side; no more of what it says is taken than is read. */
final class SshConduit implements Conduit {
  private static final int MOST_ERRORS = 16 << 10;

  private final ChannelExec channel;
  private final Inbox errors;

  private SshConduit(ChannelExec channel, Inbox errors) {
    this.channel = channel;
    this.errors = errors;
  }

  static SshConduit open(ClientSession session, String who, String command, Deadline deadline)
      throws SshFailure, InterruptedException {
    Inbox errors = new Inbox(MOST_ERRORS);
    try {
      ChannelExec channel = session.createExecChannel(command);
      boolean opened = false;
      try {
        channel.setErr(errors);
        OpenFuture opening = channel.open();
        if (!opening.await(deadline.left())) {
          throw SshFailure.silent(who + ": the SSH server opens no channel in time");
        }
        opened = opening.isOpened();
      } finally {
        if (!opened) {
          channel.close(true);
        }
      }
      if (!opened) {
        throw SshFailure.cannotTell(who + ": the SSH server opens no channel");
      }
      return new SshConduit(channel, errors);
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
    } catch (SshFailure e) {
      throw e;
    } catch (IOException e) {
      throw SshFailure.cannotTell(who + ": " + e.getMessage());
    }
  }

  @Override
  public InputStream heard() {
    return channel.getInvertedOut();
  }

  @Override
  public OutputStream told() {
    return channel.getInvertedIn();
  }

  @Override
  public String complaint() {
    return errors.rest();
  }

  @Override
  public void close() {
    channel.close(true);
  }
}
