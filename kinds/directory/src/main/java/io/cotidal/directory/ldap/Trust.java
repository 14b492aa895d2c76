package io.cotidal.directory.ldap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS sockets that believe in the configured authorities alone, and only in a certificate
 * that was made out for the very host that was asked for.
 */
public final class Trust extends SSLSocketFactory {
  private final SSLSocketFactory plain;

  private Trust(SSLSocketFactory plain) {
    this.plain = plain;
  }

  /**
   * Trust in those who signed with one of these certificates.
   *
   * @param authorities PEM text; blank for those that the Java runtime trusts
   * @throws IllegalArgumentException if the text holds no certificate
   */
  public static Trust of(String authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, authorities.isBlank() ? null : managers(authorities), null);
      return new Trust(context.getSocketFactory());
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "the trusted authorities are not PEM certificates: " + Trouble.line(e), e);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS in this Java runtime: " + Trouble.line(e), e);
    }
  }

  private static TrustManager[] managers(String pem) throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> all =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    if (all.isEmpty()) {
      throw new CertificateException("the text holds none");
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate each : all) {
      store.setCertificateEntry("authority" + number++, each);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static Socket strict(Socket socket) {
    if (socket instanceof SSLSocket tls) {
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("LDAPS");
      tls.setSSLParameters(parameters);
    }
    return socket;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return plain.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return plain.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return strict(plain.createSocket());
  }

  @Override
  public Socket createSocket(@Nullable Socket below, String host, int port, boolean close)
      throws IOException {
    return strict(plain.createSocket(below, host, port, close));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return strict(plain.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return strict(plain.createSocket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return strict(plain.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return strict(plain.createSocket(host, port, local, localPort));
  }
}
