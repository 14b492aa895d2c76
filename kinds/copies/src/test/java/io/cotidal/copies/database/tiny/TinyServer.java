package io.cotidal.copies.database.tiny;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * The program: serves the tables of one folder, over TLS with passwords, or, while it is filled, at
 * a socket in the run folder. Each line is a statement, each is answered by a line.
 */
public final class TinyServer {
  static final String SOCKET = "tiny.socket";
  static final String PID = "server.pid";

  private final TinyTables tables;
  private final boolean serving;
  private final Map<TinySession, AutoCloseable> sessions = new ConcurrentHashMap<>();

  private TinyServer(TinyTables tables, boolean serving) {
    this.tables = tables;
    this.serving = serving;
  }

  /** Arguments: data folder, run folder, then host and port unless it is to be isolated. */
  public static void main(String... arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    Path run = Path.of(arguments[1]);
    Files.writeString(data.resolve(PID), Long.toString(ProcessHandle.current().pid()));
    TinyServer server = new TinyServer(new TinyTables(data), arguments.length > 2);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::save));
    if (server.serving) {
      server.serve(run, new InetSocketAddress(arguments[2], Integer.parseInt(arguments[3])));
    } else {
      server.isolated(run);
    }
  }

  private void save() {
    synchronized (tables) {
      try {
        tables.save();
      } catch (IOException e) {
        System.out.println("ERROR the tables were not saved: " + e);
      }
    }
  }

  private void serve(Path run, InetSocketAddress address) throws Exception {
    SSLServerSocket listener =
        (SSLServerSocket)
            TinyTls.server(run.resolve("server.crt"), run.resolve("server.key"))
                .getServerSocketFactory()
                .createServerSocket(
                    address.getPort(), 50, InetAddress.getByName(address.getHostString()));
    while (true) {
      SSLSocket socket = (SSLSocket) listener.accept();
      Thread.ofVirtual()
          .start(() -> talk(socket, () -> socket.getInputStream(), () -> socket.getOutputStream()));
    }
  }

  private void isolated(Path run) throws IOException {
    Path socket = run.resolve(SOCKET);
    Files.deleteIfExists(socket);
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      while (true) {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual()
            .start(() ->
                talk(
                    channel,
                    () -> Channels.newInputStream(channel),
                    () -> Channels.newOutputStream(channel)));
      }
    }
  }

  private interface In {
    InputStream open() throws IOException;
  }

  private interface Out {
    OutputStream open() throws IOException;
  }

  private void talk(AutoCloseable socket, In in, Out out) {
    TinySession session = new TinySession(tables, this, serving);
    try (socket;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in.open(), StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(out.open(), true, StandardCharsets.UTF_8)) {
      sessions.put(session, socket);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.print(session.answer(line) + "\n");
        answers.flush();
      }
    } catch (Exception e) {
      // The client is gone, or was told to go.
      System.out.println("a session ended: " + e.getClass().getSimpleName());
    } finally {
      sessions.remove(session);
    }
  }

  /** Sessions of users. */
  Set<TinySession> users() {
    Set<TinySession> users = ConcurrentHashMap.newKeySet();
    sessions.keySet().stream().filter(TinySession::ofUser).forEach(users::add);
    return users;
  }

  /** Ends a session. */
  void end(TinySession session) throws Exception {
    AutoCloseable socket = sessions.remove(session);
    if (socket != null) {
      socket.close();
    }
  }
}
