package io.cotidal.server;

import io.cotidal.server.access.Failures;
import io.cotidal.server.compat.Anonymous;
import io.cotidal.server.compat.Authenticator;
import io.cotidal.server.compat.CompatHandler;
import io.cotidal.server.http.Closing;
import io.cotidal.server.http.CompatFront;
import io.cotidal.server.http.EngineErrors;
import io.cotidal.server.http.Front;
import io.cotidal.server.http.Guard;
import io.cotidal.server.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a port of its own for clients of an original, with the limits of the API's listener.
 * It is there only if the operator configured it. Start it once; a stopped one is not started
 * again.
 */
public final class CompatListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CompatListener.class);
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final Protocol protocol;
  private final InetSocketAddress bind;
  private final Server server;
  private final ServerConnector connector;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /**
   * What is spoken, and with whom.
   *
   * @param name of the protocol, in log and events: {@code myaas}
   * @param audit takes one sentence for the event log when callers need no token
   */
  public record Protocol(
      String name, CompatHandler handler, Authenticator authenticator, Consumer<String> audit) {}

  /**
   * A listener that does not listen yet.
   *
   * @param bind where it will listen; port 0 for any free one
   * @param clock wall time
   * @param options of them: names of the host, whether TLS ends in front, connections, failures and
   *     the size of bodies
   * @throws IllegalArgumentException if {@code bind} is not a loopback address and nothing ends TLS
   *     before it
   */
  public CompatListener(
      Protocol protocol, InetSocketAddress bind, InstantSource clock, ServerOptions options) {
    Listening.check(bind, options);
    this.protocol = protocol;
    this.bind = bind;
    this.server = new Server(Listening.threads(protocol.name()));
    this.connector = Listening.connector(server, bind, options);
    Front.Limits limits = new Front.Limits(options.maxBody(), options.tlsInFront(), stopping::get);
    CompatFront front =
        new CompatFront(
            protocol.name(),
            protocol.handler(),
            protocol.authenticator(),
            new CompatFront.Limits(
                new Guard(options.hosts(), options.tlsInFront()),
                new Failures(clock, options.maxFailures()),
                clock,
                limits));
    server.setHandler(new Closing(front, limits));
    server.setErrorHandler(new EngineErrors(options.tlsInFront()));
    server.setStopTimeout(FAREWELL.toMillis());
  }

  /**
   * Listens. If callers need no token, that is logged as a warning and told to the audit.
   *
   * @throws IOException naming the address, if it cannot be listened on
   */
  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      close();
      throw Listening.failed(bind, e);
    } catch (Exception e) {
      close();
      throw new IllegalStateException("the listener for " + protocol.name() + " did not start", e);
    }
    log.info("event=listening protocol={} url={}", protocol.name(), uri());
    protocol.authenticator().anonymous().ifPresent(this::warn);
  }

  private void warn(Anonymous anonymous) {
    String role = Json.word(anonymous.role());
    log.warn("event=anonymous-access protocol={} url={} role={}", protocol.name(), uri(), role);
    protocol
        .audit()
        .accept(
            "Whoever reaches "
                + uri()
                + " may do there what a "
                + role
                + " may on "
                + anonymous.scope()
                + ", without a token.");
  }

  /** The port on which it listens. */
  public int port() {
    return connector.getLocalPort() > 0 ? connector.getLocalPort() : bind.getPort();
  }

  /** Where a client on this host finds it. */
  public URI uri() {
    return Listening.uri(bind, port());
  }

  /** Lets requests under way end, and stops listening. */
  @Override
  public void close() {
    stopping.set(true);
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.warn("event=http-stop-failed protocol={}", protocol.name(), e);
    }
  }
}
