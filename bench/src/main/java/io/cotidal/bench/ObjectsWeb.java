package io.cotidal.bench;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A web server with one worker that has files in memory and takes others, and before it the proxies
 * that are compared: the gateway with one event loop, nginx with one worker, HAProxy with one
 * thread. A proxy that is not installed is absent.
 */
final class ObjectsWeb implements AutoCloseable {
  static final String GATEWAY = "gateway";
  static final String NGINX = "nginx";
  static final String HAPROXY = "haproxy";

  /** What is asked for, as a client of Swift names it. */
  static final String SMALL = "/v1/AUTH_bench/box/small";

  static final String LARGE = "/v1/AUTH_bench/box/large";

  /** What is written. */
  static final String WRITTEN = "/v1/AUTH_bench/box/written";

  private static final Path NGINX_PROGRAM = Path.of("/usr/sbin/nginx");
  private static final Path HAPROXY_PROGRAM = Path.of("/usr/sbin/haproxy");
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int BLOCK = 1 << 20;
  private static final long SEED = 20_261_123;

  private final ServerRegistry registry;
  private final Path folder;
  private final ObjectsProcess site;
  private final ObjectsProcess gateway;
  private final List<ObjectsProcess> rivals = new ArrayList<>();

  private ObjectsWeb(ServerRegistry registry, long large) throws BenchProblem, IOException {
    this.registry = registry;
    this.folder = registry.folder("bench-web");
    Path files =
        Files.isWritable(MEMORY)
            ? registry.folder(MEMORY, "bench-web")
            : registry.folder("bench-files");
    Path box = Files.createDirectories(files.resolve("v1/AUTH_bench/box"));
    fill(box.resolve("small"), 1_024);
    fill(box.resolve("large"), large);
    Files.createDirectories(files.resolve("incoming"));
    this.site = nginx("site", site(files));
    this.gateway = startGateway();
    rivals.add(nginx(NGINX, proxy()));
    if (Files.isExecutable(HAPROXY_PROGRAM)) {
      rivals.add(haproxy());
    }
  }

  /**
   * Starts all of them.
   *
   * @param large bytes of the large file
   */
  static ObjectsWeb open(long large) throws BenchProblem, IOException {
    if (!Files.isExecutable(NGINX_PROGRAM)) {
      // Without a site there is nothing to stand before.
      throw new BenchProblem("rival absent: nginx is not installed: apt-get install nginx-light");
    }
    ServerRegistry registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    try {
      return new ObjectsWeb(registry, large);
    } catch (BenchProblem | IOException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** What a report adds where a proxy is not there to be compared with; else empty. */
  static String absent() {
    return Files.isExecutable(HAPROXY_PROGRAM) ? "" : ", rival absent: " + HAPROXY;
  }

  /** What no proxy stands before. */
  ObjectsProcess site() {
    return site;
  }

  ObjectsProcess gateway() {
    return gateway;
  }

  /** The other proxies that are there. */
  List<ObjectsProcess> rivals() {
    return List.copyOf(rivals);
  }

  /** The gateway and the others, in the order of a round. */
  List<ObjectsProcess> proxies() {
    List<ObjectsProcess> all = new ArrayList<>(List.of(gateway));
    all.addAll(rivals);
    return all;
  }

  /** For files of a measurement. */
  Path folder() {
    return folder;
  }

  private static void fill(Path file, long bytes) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] block = new byte[BLOCK];
    random.nextBytes(block);
    try (var out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= BLOCK) {
        out.write(block, 0, (int) Math.min(left, BLOCK));
      }
    }
  }

  private ObjectsProcess nginx(String name, String server) throws BenchProblem, IOException {
    int port = registry.port();
    Path own = Files.createDirectories(folder.resolve(name));
    Path file = own.resolve("nginx.conf");
    Files.writeString(
        file,
        """
        daemon off;
        worker_processes 1;
        pid %1$s/pid;
        error_log %1$s/log warn;
        user root;
        events { worker_connections 1024; }
        http {
          access_log off;
          sendfile on;
          keepalive_requests 1000000000;
          client_max_body_size 0;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          %2$s
        }
        """
            .formatted(own, server.formatted(port)));
    ObjectsProcess master =
        started(
            name,
            port,
            List.of(
                NGINX_PROGRAM.toString(),
                "-p",
                own.toString(),
                "-c",
                file.toString(),
                "-e",
                own + "/log"));
    Until.holds(
        name + " has a worker",
        PATIENCE,
        LOOK,
        () -> master.process().children().findAny().isPresent());
    // It does not end with its master if that is killed.
    for (ProcessHandle worker : master.process().children().toList()) {
      registry.record(worker.pid());
    }
    return master;
  }

  private static String site(Path files) {
    return """
    server {
      listen 127.0.0.1:%%d;
      root %1$s;
      client_body_temp_path %1$s/incoming;
      location / { dav_methods PUT; }
    }
    """
        .formatted(files);
  }

  /** As one streams through it: large buffers, connections that are kept, nothing put by. */
  private String proxy() {
    return """
    upstream site { server 127.0.0.1:%d; keepalive 128; keepalive_requests 1000000000; }
    server {
      listen 127.0.0.1:%%d;
      location / {
        proxy_pass http://site;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_request_buffering off;
        proxy_buffers 16 64k;
        proxy_buffer_size 64k;
        proxy_busy_buffers_size 128k;
        proxy_max_temp_file_size 0;
        client_body_buffer_size 64k;
      }
    }
    """
        .formatted(site.port());
  }

  private ObjectsProcess haproxy() throws BenchProblem, IOException {
    int port = registry.port();
    Path file = folder.resolve("haproxy.cfg");
    Files.writeString(
        file,
        """
        global
          nbthread 1
          maxconn 1000
        defaults
          mode http
          timeout connect 5s
          timeout client 60s
          timeout server 60s
          http-reuse always
          option splice-request
          option splice-response
          option forwardfor
        listen gate
          bind 127.0.0.1:%d
          server site 127.0.0.1:%d
        """
            .formatted(port, site.port()));
    return started(
        HAPROXY, port, List.of(HAPROXY_PROGRAM.toString(), "-db", "-f", file.toString()));
  }

  /** With the options of this process, which are the daemon's. */
  private ObjectsProcess startGateway() throws BenchProblem, IOException {
    int port = registry.port();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ObjectsGateway.class.getName());
    command.addAll(List.of(Integer.toString(port), Integer.toString(site.port())));
    command.add(registry.folder("bench-gateway").toString());
    return started(GATEWAY, port, command);
  }

  private ObjectsProcess started(String name, int port, List<String> command)
      throws BenchProblem, IOException {
    Path printed = folder.resolve(name + ".out");
    Process process =
        registry.start(
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile()));
    try {
      Until.holds(name + " listens", PATIENCE, LOOK, () -> listens(name, port, process));
    } catch (BenchProblem e) {
      throw new BenchProblem(e.getMessage() + ": " + Files.readString(printed).strip(), e);
    }
    return new ObjectsProcess(name, port, process);
  }

  private static boolean listens(String name, int port, Process process) throws BenchProblem {
    if (!process.isAlive()) {
      throw new BenchProblem(name + " has ended");
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
