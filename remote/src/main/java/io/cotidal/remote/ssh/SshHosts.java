package io.cotidal.remote.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.io.resource.PathResource;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.jspecify.annotations.Nullable;

/**
 * All machines that this process reaches over SSH: the library's client, begun at its first use and
 * ended with the last of the links. Thread-safe.
 */
public final class SshHosts {
  /** Which attempt a session of the library's belongs to. */
  static final AttributeKey<SshAttempt> ATTEMPT = new AttributeKey<>();

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LOG_IN = Duration.ofSeconds(10);
  private static final Duration ALIVE = Duration.ofSeconds(2);
  private static final int MISSED = 3;
  private static final int THREADS = 2;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SshClient client;
  private int links;

  /** A link to that account; nothing is connected yet. */
  public SshLink link(SshAccess access) {
    lock.lock();
    try {
      links++;
    } finally {
      lock.unlock();
    }
    return new SshLink(this, access);
  }

  /** One link less. */
  void closed() {
    lock.lock();
    try {
      links--;
      if (links == 0 && client != null) {
        client.stop();
        client = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The library's client. */
  SshClient client() {
    lock.lock();
    try {
      SshClient known = client;
      if (known == null) {
        known = begin();
        client = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private static SshClient begin() {
    SshClient made = SshClient.setUpDefaultClient();
    // Nothing of the account that we run under counts: no ~/.ssh, no agent, no passwords.
    made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    made.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    made.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    made.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
    made.setServerKeyVerifier(SshHosts::pinned);
    made.setNioWorkers(THREADS);
    made.addSessionListener(
        new SessionListener() {
          @Override
          public void sessionCreated(Session session) {
            preferPinned(session);
          }
        });
    CoreModuleProperties.IO_CONNECT_TIMEOUT.set(made, CONNECT);
    CoreModuleProperties.AUTH_TIMEOUT.set(made, LOG_IN);
    CoreModuleProperties.IDLE_TIMEOUT.set(made, Duration.ZERO);
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(made, CONNECT);
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, ALIVE);
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, MISSED);
    made.start();
    return made;
  }

  private static boolean pinned(ClientSession session, SocketAddress address, PublicKey key) {
    SshAttempt attempt = attempt(session);
    return attempt != null && attempt.shown(PublicKeyEntry.toString(key));
  }

  /**
   * The server proves itself by the first kind of key on our list that it has: so the kinds that we
   * know it by come first.
   */
  private static void preferPinned(Session session) {
    SshAttempt attempt = session instanceof ClientSession made ? attempt(made) : null;
    if (attempt == null) {
      return;
    }
    List<String> pinned = attempt.kinds();
    List<NamedFactory<Signature>> known = session.getSignatureFactories();
    List<NamedFactory<Signature>> ordered = new ArrayList<>();
    known.stream().filter(each -> pinned.contains(kind(each.getName()))).forEach(ordered::add);
    known.stream().filter(each -> !ordered.contains(each)).forEach(ordered::add);
    session.setSignatureFactories(ordered);
  }

  private static String kind(String signature) {
    return signature.startsWith("rsa-sha2-") ? "ssh-rsa" : signature;
  }

  private static @Nullable SshAttempt attempt(ClientSession session) {
    return session.getConnectionContext() == null
        ? null
        : session.getConnectionContext().getAttribute(ATTEMPT);
  }

  /**
   * The public key, {@code type base64}, that belongs to the private one in that file.
   *
   * @throws SshFailure if there is none that can be used, or others may read it
   */
  public static String publicKey(Path identity) throws SshFailure {
    return PublicKeyEntry.toString(identity(identity).getPublic());
  }

  /**
   * The key of that file.
   *
   * @throws SshFailure if there is none that can be used, or others may read it
   */
  static KeyPair identity(Path file) throws SshFailure {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.stream().anyMatch(each -> !each.name().startsWith("OWNER_"))) {
        throw SshFailure.cannotTell(
            "key " + file + ": others may use it; chmod 600 " + file.getFileName());
      }
      try (InputStream bytes = Files.newInputStream(file)) {
        Iterable<KeyPair> pairs =
            SecurityUtils.loadKeyPairIdentities(null, new PathResource(file), bytes, null);
        if (pairs != null) {
          for (KeyPair pair : pairs) {
            return pair;
          }
        }
      }
      throw SshFailure.cannotTell("key " + file + ": holds no private key");
    } catch (SshFailure e) {
      throw e;
    } catch (IOException | UncheckedIOException | GeneralSecurityException e) {
      throw SshFailure.cannotTell(
          "key " + file + ": cannot be read; it must be a private key without a passphrase");
    }
  }
}
