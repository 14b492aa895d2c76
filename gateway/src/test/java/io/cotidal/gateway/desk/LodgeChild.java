package io.cotidal.gateway.desk;

import io.cotidal.gateway.desk.Client.Boundary;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.objects.spec.Promise;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/**
 * A gateway before east in a process of its own. Takes lines {@code METHOD path [name=value]} and
 * says what the client was told; at a boundary it says so and stands still, to be killed.
 */
final class LodgeChild {
  private LodgeChild() {}

  /** Folder, port of east, port of west, and the boundary; {@code -} for none. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int east = Integer.parseInt(arguments[1]);
    int west = Integer.parseInt(arguments[2]);
    Lodge.Settings settings = Pair.settings(Path.of(arguments[0]), "east", east, west);
    Lodge lodge = Lodge.open(settings, Pair.manners(Promise.LOCAL), InstantSource.system());
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), east);
    Client client =
        new Client(
            lodge.door(),
            new SwiftUser(address, SwiftLogin.TESTER),
            boundary -> at(boundary, arguments[3], out));
    out.println("ready");
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", 3);
        RawHeader[] headers = new RawHeader[words.length - 2];
        if (words.length == 3) {
          String[] header = words[2].split("=", 2);
          headers[0] = new RawHeader(header[0], header[1]);
        }
        Client.Told told = client.ask(words[0], words[1], headers);
        out.println("told " + words[1] + " " + told.status());
      }
    }
    lodge.close();
  }

  private static void at(Boundary boundary, String wanted, PrintStream out) {
    if (boundary.name().equals(wanted)) {
      out.println("at " + boundary);
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
