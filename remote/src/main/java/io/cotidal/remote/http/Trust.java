package io.cotidal.remote.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Makes TLS sockets that trust what they should. */
public final class Trust {
  private Trust() {}

  /** Reads the authorities each time: whoever replaces the file need not tell us. */
  public static SSLSocketFactory sockets(Optional<Path> authorities) throws HttpTrouble {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null,
          authorities.isPresent() ? managers(authorities.get(), empty()).getTrustManagers() : null,
          null);
      return context.getSocketFactory();
    } catch (IOException e) {
      throw new HttpTrouble(
          "the certificates in " + authorities.orElseThrow() + " cannot be read: correct the path",
          e);
    } catch (GeneralSecurityException e) {
      throw new HttpTrouble("the certificates to trust cannot be used: give PEM certificates", e);
    }
  }

  /** Trusts the authorities of the Java runtime, and those in the file beside them. */
  public static SSLSocketFactory beside(Path file) throws HttpTrouble {
    return context(Optional.of(file)).getSocketFactory();
  }

  /** Trusts the authorities of the Java runtime, and those in the file beside them, if any. */
  public static SSLContext context(Optional<Path> beside) throws HttpTrouble {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, beside.isPresent() ? all(beside.get()) : null, null);
      return context;
    } catch (IOException e) {
      throw new HttpTrouble(
          "the certificates in " + beside.orElseThrow() + " cannot be read: correct the path", e);
    } catch (GeneralSecurityException e) {
      throw new HttpTrouble("the certificates to trust cannot be used: give PEM certificates", e);
    }
  }

  private static TrustManager[] all(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    TrustManagerFactory usual =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    usual.init((KeyStore) null);
    int number = 0;
    for (TrustManager manager : usual.getTrustManagers()) {
      if (manager instanceof X509TrustManager issuers) {
        for (X509Certificate one : issuers.getAcceptedIssuers()) {
          store.setCertificateEntry("usual-" + number++, one);
        }
      }
    }
    return managers(file, store).getTrustManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static TrustManagerFactory managers(Path file, KeyStore store)
      throws IOException, GeneralSecurityException {
    try (InputStream text = Files.newInputStream(file)) {
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(text)) {
        store.setCertificateEntry("authority-" + number++, one);
      }
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    return managers;
  }
}
