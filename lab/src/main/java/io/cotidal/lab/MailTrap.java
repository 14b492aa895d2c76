package io.cotidal.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A small real SMTP server on loopback that keeps what it is handed. It offers STARTTLS if it is
 * told to, with a certificate of its own for 127.0.0.1.
 */
public final class MailTrap implements AutoCloseable {
  private static final String STORE = "lab-only";

  private final ServerSocket socket;
  private final SSLSocketFactory tls;
  private final Path certificate;
  private final boolean offersTls;
  private final List<Mail> mails = new CopyOnWriteArrayList<>();

  /**
   * What it was handed.
   *
   * @param secured whether it came over TLS
   * @param login what {@code AUTH PLAIN} said; empty if nothing
   * @param to who is to get it
   * @param data headers and text
   */
  public record Mail(boolean secured, String login, List<String> to, String data) {
    /** Copies the list. */
    public Mail {
      to = List.copyOf(to);
    }
  }

  private MailTrap(Path folder, boolean offersTls) throws IOException, GeneralSecurityException {
    this.offersTls = offersTls;
    this.certificate = folder.resolve("mail.pem");
    this.tls = keys(folder).getSocketFactory();
    this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("mail-trap").start(this::accept);
  }

  /** Starts one whose keys lie in {@code folder}. */
  public static MailTrap start(Path folder, boolean offersTls) throws IOException {
    try {
      return new MailTrap(folder, offersTls);
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificate for the mail server: " + e.getMessage(), e);
    }
  }

  private SSLContext keys(Path folder) throws IOException, GeneralSecurityException {
    Path store = folder.resolve("mail.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> where =
        List.of("-alias", "mail", "-keystore", store.toString(), "-storepass", STORE);
    run(
        keytool,
        where,
        List.of(
            "-genkeypair",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1,dns:localhost",
            "-storetype",
            "PKCS12",
            "-validity",
            "2"));
    run(keytool, where, List.of("-exportcert", "-rfc", "-file", certificate.toString()));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, STORE.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, STORE.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void run(String keytool, List<String> where, List<String> what)
      throws IOException {
    List<String> line = new java.util.ArrayList<>(List.of(keytool));
    line.addAll(what);
    line.addAll(where);
    Commands.run(line);
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return socket.getLocalPort();
  }

  /** The certificate that it shows, in PEM. */
  public Path certificate() {
    return certificate;
  }

  /** What it was handed so far. */
  public List<Mail> mails() {
    return List.copyOf(mails);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread.ofVirtual().name("mail-trap-client").start(() -> serve(client));
      } catch (IOException e) {
        // It is closed, or one client could not be taken: the next one may.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setSoTimeout(10_000);
      new Talk(client).run();
    } catch (IOException e) {
      // The client has gone; what it handed in whole is kept.
    }
  }

  /** One client's talk. */
  private final class Talk {
    private Socket socket;
    private BufferedReader in;
    private boolean secured;
    private String login = "";
    private final List<String> to = new CopyOnWriteArrayList<>();

    Talk(Socket socket) throws IOException {
      this.socket = socket;
      this.in = reader(socket);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
      return new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    void run() throws IOException {
      say("220 trap");
      String line = in.readLine();
      while (line != null && !line.equals("QUIT")) {
        answer(line);
        line = in.readLine();
      }
      say("221 bye");
    }

    private void answer(String line) throws IOException {
      String word = line.toUpperCase(Locale.ROOT);
      if (word.startsWith("EHLO")) {
        say(
            offersTls && !secured
                ? "250-trap\r\n250-STARTTLS\r\n250 SIZE"
                : "250-trap\r\n250 SIZE");
      } else if (word.equals("STARTTLS") && offersTls && !secured) {
        say("220 go on");
        SSLSocket over = (SSLSocket) tls.createSocket(socket, null, socket.getPort(), true);
        over.setUseClientMode(false);
        over.startHandshake();
        socket = over;
        in = reader(over);
        secured = true;
      } else if (word.startsWith("AUTH PLAIN ")) {
        login =
            new String(
                java.util.Base64.getDecoder().decode(line.substring("AUTH PLAIN ".length())),
                StandardCharsets.UTF_8);
        say("235 welcome");
      } else if (word.startsWith("MAIL FROM:")) {
        say("250 ok");
      } else if (word.startsWith("RCPT TO:")) {
        to.add(line.substring("RCPT TO:".length()));
        say("250 ok");
      } else if (word.equals("DATA")) {
        say("354 go on");
        mails.add(new Mail(secured, login, to, data()));
        say("250 taken");
      } else {
        say("500 what");
      }
    }

    private String data() throws IOException {
      StringBuilder text = new StringBuilder();
      String line = in.readLine();
      while (line != null && !line.equals(".")) {
        text.append(line).append('\n');
        line = in.readLine();
      }
      return text.toString();
    }

    private void say(String text) throws IOException {
      socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
