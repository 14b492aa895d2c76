package io.cotidal.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that signs itself, good for 127.0.0.1.
 *
 * @param pem as those who trust it need it
 */
public record ServerCertificate(ServerSocketFactory sockets, Path pem) {
  private static final String WORD = "not-secret";

  /** Makes it, with files in that folder. */
  public static ServerCertificate make(Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = folder.resolve("server.p12");
    Path pem = folder.resolve("server.pem");
    keytool("-genkeypair", store, "-keyalg", "EC", "-dname", "CN=lab", "-ext", "san=ip:127.0.0.1");
    keytool("-exportcert", store, "-rfc", "-file", pem.toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, WORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, WORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new ServerCertificate(context.getServerSocketFactory(), pem);
  }

  private static void keytool(String command, Path store, String... more)
      throws IOException, InterruptedException {
    List<String> line =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    command,
                    "-alias",
                    "server",
                    "-keystore",
                    store.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    WORD),
                Stream.of(more))
            .toList();
    Path log = store.resolveSibling("keytool.log");
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("keytool did not end; see " + log);
    }
    if (process.exitValue() != 0) {
      throw new IOException("keytool failed; see " + log);
    }
  }
}
