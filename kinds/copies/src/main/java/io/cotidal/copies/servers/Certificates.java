package io.cotidal.copies.servers;

import io.cotidal.copies.database.Place;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes each place a key and a certificate of its own that it signed itself: users trust exactly
 * this one. On the curve P-256, which takes a millisecond where RSA takes hundreds. Thread-safe.
 */
public final class Certificates {
  /** Clocks of users may go slow. */
  private static final Duration SLACK = Duration.ofDays(1);

  private static final int LONGEST_NAME = 64;

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;
  private final Duration life;

  /**
   * Makes certificates.
   *
   * @param life how long each is good
   */
  public Certificates(InstantSource clock, Duration life) {
    this.clock = clock;
    this.life = life;
  }

  /**
   * Writes {@link Place#certificate} and {@link Place#key} for a server that does not run, over
   * what was there. They belong to the place's account, and the key is readable for it alone.
   *
   * @param hosts names and addresses by which users reach the server
   */
  public void make(Place place, List<String> hosts) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      X509CertificateHolder certificate = sign(place.id(), hosts, pair);
      write(place, place.key(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
      write(place, place.certificate(), pem("CERTIFICATE", certificate.getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException(
          "no certificate for " + place.id() + ": this Java has no elliptic curves", e);
    }
  }

  private X509CertificateHolder sign(String id, List<String> hosts, KeyPair pair)
      throws IOException, OperatorCreationException {
    Instant now = clock.instant();
    String common = id.length() > LONGEST_NAME ? id.substring(0, LONGEST_NAME) : id;
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, common).build();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(127, random).add(BigInteger.ONE),
            Date.from(now.minus(SLACK)),
            Date.from(now.plus(life)),
            name,
            pair.getPublic());
    extend(builder, Extension.basicConstraints, true, new BasicConstraints(false));
    extend(
        builder,
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    if (!hosts.isEmpty()) {
      extend(
          builder,
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              hosts.stream().map(Certificates::alternative).toArray(GeneralName[]::new)));
    }
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
  }

  private static void extend(
      X509v3CertificateBuilder builder,
      ASN1ObjectIdentifier what,
      boolean critical,
      org.bouncycastle.asn1.ASN1Encodable value)
      throws IOException {
    builder.addExtension(what, critical, value);
  }

  private static GeneralName alternative(String host) {
    return new GeneralName(address(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  /** Whether it is written as an address; asks nobody. */
  private static boolean address(String host) {
    try {
      return InetAddress.ofLiteral(host) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String pem(String what, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
  }

  /** Not forced to the disk: a copy that a power cut damages is made anew, its certificate too. */
  private static void write(Place place, Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".cotidal-new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    if (place.uid() >= 0) {
      Files.setAttribute(fresh, "unix:gid", place.uid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(fresh, "unix:uid", place.uid(), LinkOption.NOFOLLOW_LINKS);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
