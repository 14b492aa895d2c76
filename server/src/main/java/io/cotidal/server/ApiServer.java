package io.cotidal.server;

import io.cotidal.engine.TokenStore;
import io.cotidal.model.Permission;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.access.Credentials;
import io.cotidal.server.access.Failures;
import io.cotidal.server.access.OneTimeLinks;
import io.cotidal.server.access.RememberedTokens;
import io.cotidal.server.access.Sessions;
import io.cotidal.server.api.Api;
import io.cotidal.server.events.EventLog;
import io.cotidal.server.events.Streams;
import io.cotidal.server.http.Closing;
import io.cotidal.server.http.CompatFront;
import io.cotidal.server.http.EngineErrors;
import io.cotidal.server.http.Front;
import io.cotidal.server.http.Guard;
import io.cotidal.server.http.Identity;
import io.cotidal.server.http.Mounts;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Routes;
import io.cotidal.server.metrics.Metrics;
import io.cotidal.server.page.PageRoutes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the API and the page over HTTP/1.1. Each request has a virtual thread. Start it once; a
 * stopped server is not started again.
 */
public final class ApiServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ApiServer.class);
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final InetSocketAddress bind;
  private final ControlPlane plane;
  private final Credentials credentials;
  private final OneTimeLinks links;
  private final Streams streams;
  private final Metrics metrics;
  private final Routes routes;
  private final CompatFront.Limits compat;
  private final Mounts mounts;
  private final Server server;
  private final ServerConnector connector;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final List<AutoCloseable> subscriptions = new ArrayList<>();

  /**
   * A server that does not listen yet.
   *
   * @param bind where it will listen; port 0 for any free one
   * @param clock wall time, for the expiry of tokens, sessions and links
   * @throws IllegalArgumentException if {@code bind} is not a loopback address and nothing ends TLS
   *     before the server
   */
  public ApiServer(
      InetSocketAddress bind,
      ControlPlane plane,
      TokenStore store,
      InstantSource clock,
      ServerOptions options) {
    this.bind = bind;
    this.plane = plane;
    Listening.check(bind, options);
    TokenStore tokens = new RememberedTokens(store, clock);
    this.credentials = new Credentials(tokens, clock, options.people());
    this.links = new OneTimeLinks(clock);
    this.metrics = new Metrics(plane, options.version());
    EventLog events = new EventLog(plane);
    this.streams = new Streams(plane, events, options.maxStreams());
    Sessions sessions = new Sessions(credentials, clock, options.sessionLife());
    List<Route> all =
        new ArrayList<>(
            Api.routes(
                new Api.Ground(
                    plane,
                    tokens,
                    credentials,
                    sessions,
                    links,
                    streams,
                    events,
                    metrics,
                    options,
                    this::cookieName)));
    all.addAll(PageRoutes.all());
    this.routes = new Routes(all);
    this.server = new Server(Listening.threads("http"));
    this.connector = Listening.connector(server, bind, options);
    Front.Limits limits = new Front.Limits(options.maxBody(), options.tlsInFront(), stopping::get);
    Guard guard = new Guard(options.hosts(), options.tlsInFront());
    Failures failures = new Failures(clock, options.maxFailures());
    this.compat = new CompatFront.Limits(guard, failures, clock, limits);
    Identity identity = new Identity(credentials, sessions, this::cookieName);
    this.mounts = new Mounts(compressed(new Front(routes, guard, identity, failures, limits)));
    server.setHandler(Listening.watched(server, new Closing(mounts, limits)));
    server.setErrorHandler(new EngineErrors(options.tlsInFront()));
    server.setStopTimeout(FAREWELL.toMillis());
  }

  /** Compresses answers that are large and hold no secret; requests come as they are. */
  private static Handler compressed(Handler front) {
    CompressionHandler handler = new CompressionHandler(front);
    handler.putCompression(new GzipCompression());
    CompressionConfig.Builder config =
        CompressionConfig.builder()
            .compressIncludeMethod("GET")
            .compressExcludePath("/api/v1/stream")
            .compressExcludePath("^/api/v1/resources/.*/access$")
            .decompressExcludePath("/*");
    for (String type :
        List.of("application/json", "text/html", "text/css", "text/javascript", "image/svg+xml")) {
      config.compressIncludeMimeType(type);
    }
    handler.putConfiguration("/*", config.build());
    return handler;
  }

  /**
   * Listens.
   *
   * @throws IOException naming the address, if it cannot be listened on
   */
  public void start() throws IOException {
    try {
      subscriptions.add(plane.subscribe(metrics::on));
      server.start();
    } catch (IOException e) {
      close();
      throw Listening.failed(bind, e);
    } catch (Exception e) {
      close();
      throw new IllegalStateException("the HTTP server did not start", e);
    }
    log.info("event=listening url={}", uri());
  }

  /**
   * Speaks the protocol of an original as well, to the callers whom that protocol knows. Refusals
   * count together with those of the API.
   *
   * @param first the first part of its paths
   * @throws IllegalArgumentException if that is taken, or if callers would need no token: nobody in
   *     particular is let in where the API is
   */
  public void mount(String first, CompatListener.Protocol protocol) {
    if (protocol.authenticator().anonymous().isPresent()) {
      throw new IllegalArgumentException(
          protocol.name() + " lets in who has no token; give it a listener of its own");
    }
    mounts.add(
        first,
        new CompatFront(protocol.name(), protocol.handler(), protocol.authenticator(), compat));
    log.info("event=mounted protocol={} url={}", protocol.name(), uri().resolve("/" + first + "/"));
  }

  /** The port on which it listens. */
  public int port() {
    return connector.getLocalPort() > 0 ? connector.getLocalPort() : bind.getPort();
  }

  /** Where a browser on this host finds it. */
  public URI uri() {
    return Listening.uri(bind, port());
  }

  /** A link that signs one browser in once, for the whole fleet, within {@code life}. */
  public URI oneTimeLink(Permission permission, Duration life) {
    return uri().resolve("/session?once=" + links.create(permission, life));
  }

  /** Issues tokens into the store that the server checks against. */
  public Credentials credentials() {
    return credentials;
  }

  /** Every route that it serves. */
  public List<Route> routes() {
    return routes.all();
  }

  /** From now on whoever comes, on a connection that is open, is told that the daemon stops. */
  public void shut() {
    stopping.set(true);
  }

  /** Ends streams, lets requests under way end, and stops listening. */
  @Override
  public void close() {
    shut();
    streams.close();
    try {
      for (AutoCloseable subscription : subscriptions) {
        subscription.close();
      }
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.warn("event=http-stop-failed", e);
    }
  }

  private String cookieName() {
    return "cotidal-" + port();
  }
}
